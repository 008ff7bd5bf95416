/* global document, getComputedStyle */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { inRoot } from '../../tasks/lib/paths.mjs';

const SODIUM = inRoot('apps/cli/dist/sodium.js');
const FRAME = 'sodium-preview-frame iframe';
const SHOWN_MS = 60_000;
const run = promisify(execFile);

/** Somebody who makes one plugin, in a folder of their own outside of the repository, and looks at it in a browser. */
export class Author {
  #dev = null;
  #page = null;

  constructor(folder, browser) {
    this.folder = folder;
    this.browser = browser;
  }

  async create(type) {
    const [parent, id] = [path.dirname(this.folder), path.basename(this.folder)];
    await run(process.execPath, [SODIUM, 'create', id, '--type', type], { cwd: parent });
  }

  /** What npm has fetched before comes from its cache. */
  async install() {
    const options = { cwd: this.folder, shell: process.platform === 'win32' };
    await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel', 'error'], options);
  }

  /** `npm run dev`, and a browser on the address that it prints. */
  async startDev() {
    const dev = spawn(process.execPath, [SODIUM, 'dev', '--port', '0', '--json'], {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#dev = dev;
    const lines = createInterface({ input: dev.stdout });
    const login = await new Promise((resolve, reject) => {
      lines.on('line', (line) => {
        const event = JSON.parse(line);
        if (event.event === 'ready') resolve(event.login);
        if (event.event === 'failed') reject(new Error(line));
      });
      dev.once('exit', (code) => reject(new Error(`sodium dev ended with ${code}.`)));
    });
    this.#page = await this.browser.newPage();
    await this.#page.goto(login);
  }

  /** Waits until the preview shows a text, in an element or as the value of a token. */
  async until(selector, shows, token = null) {
    const element = await this.#page.waitForSelector(FRAME, { state: 'attached' });
    await this.#watch(await element.contentFrame(), { selector, shows, token });
  }

  /**
   * Saves a file `rounds` times, and once more ahead of them. Each is over when it can be seen, and the next begins when
   * everything about the one before has been done. Resolves with the milliseconds.
   */
  async saves(rounds, file, from, saveOf) {
    const target = path.join(this.folder, file);
    const taken = [];
    for (let round = 0; round <= rounds; round += 1) {
      const { text, page = false, selector, shows, token = null } = saveOf(round + 1);
      const frame = await (await this.#page.waitForSelector(FRAME)).contentFrame();
      const before = readFileSync(target, 'utf8');
      if (!from.test(before)) throw new Error(`${file} does not contain ${from}.`);
      const updated = this.#nextUpdate();
      const seen = this.#watch(page ? this.#page : frame, { selector, shows, token });
      const began = performance.now();
      writeFileSync(target, before.replace(from, text));
      await seen;
      taken.push(performance.now() - began);
      await updated;
    }
    return taken.slice(1);
  }

  async end() {
    await this.#page?.close();
    if (!this.#dev || this.#dev.exitCode !== null) return;
    const gone = once(this.#dev, 'exit');
    this.#dev.kill('SIGINT');
    await gone;
  }

  #nextUpdate() {
    return new Promise((resolve) => {
      const onData = (chunk) => {
        if (!String(chunk).includes('"event":"updated"')) return;
        this.#dev.stdout.off('data', onData);
        resolve();
      };
      this.#dev.stdout.on('data', onData);
    });
  }

  #watch(where, wanted) {
    return where.waitForFunction(isShown, wanted, { polling: 'raf', timeout: SHOWN_MS });
  }
}

/** Runs in the browser. Looks into the elements of plugins too. */
function isShown({ selector, shows, token }) {
  if (token) return getComputedStyle(document.documentElement).getPropertyValue(token).includes(shows);
  const roots = [document];
  for (const root of roots) {
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) roots.push(element.shadowRoot);
      if (element.matches(selector) && element.textContent.includes(shows)) return true;
    }
  }
  return false;
}
