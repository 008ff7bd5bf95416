import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { guideBlocks } from '@sodium/docs/blocks';
import { ADMIN } from './client.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const packages = path.join(root, 'apps/cli/dist/packages');
const run = promisify(execFile);

/** Where `sodium dev` shows the plugin. */
export interface DevPage {
  readonly url: string;
  readonly login: string;
}

/**
 * Somebody who follows a page of the guide to the letter: runs its commands and writes its files, from top to bottom, in
 * a folder of their own. The one thing that is not as it stands there is `npm install`: the packages are those of this
 * repository, and the SDK and the command those that the build has packed.
 */
export class Follower {
  #at: string;
  #dev: ChildProcess | null = null;
  readonly #said: string[] = [];

  private constructor(
    private readonly home: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {
    this.#at = home;
  }

  /** `panel` is the one that things are installed into, as its admin. */
  static async start(panel: string): Promise<Follower> {
    const home = await mkdtemp(path.join(os.tmpdir(), 'sodium-guide-'));
    const tools = path.join(home, '.tools');
    await mkdir(tools);
    const command = path.join(tools, 'sodium');
    await writeFile(command, `#!/bin/sh\nexec "${process.execPath}" "${root}apps/cli/dist/sodium.js" "$@"\n`);
    await chmod(command, 0o755);
    const login = { SODIUM_URL: panel, SODIUM_USERNAME: ADMIN.username, SODIUM_PASSWORD: ADMIN.password };
    return new Follower(home, {
      ...process.env,
      ...login,
      PATH: `${tools}:${root}node_modules/.bin:${process.env.PATH}`,
    });
  }

  /** Follows a page to its end. `whenShown` is called while `npm run dev` runs, after the files that follow it. */
  async follow(slug: string, panel: string, whenShown: (dev: DevPage) => Promise<void>): Promise<void> {
    const blocks = (await guideBlocks(path.join(root, 'apps/docs/guide'))).filter((block) => block.slug === slug);
    let shown: DevPage | null = null;
    for (const { language, file, code } of blocks) {
      if (file) await this.#write(file, `${code}\n`);
      if (language !== 'sh') continue;
      for (const line of code.replaceAll('http://127.0.0.1:3000', panel).split('\n')) {
        if (/^npm run dev\b/.test(line)) shown = await this.#startDev(line.split(' -- ')[1]?.split(' '));
        else await this.#command(line);
      }
    }
    if (!shown) throw new Error(`The page "${slug}" does not run "npm run dev".`);
    const { exitCode, signalCode } = this.#dev!;
    if (exitCode !== null || signalCode !== null)
      throw new Error(`"npm run dev" ended with ${exitCode ?? signalCode}:\n${this.#said.join('\n')}`);
    await whenShown(shown);
  }

  async dispose(): Promise<void> {
    if (this.#dev?.exitCode === null) {
      this.#dev.kill('SIGINT');
      await once(this.#dev, 'exit');
    }
    await rm(this.home, { recursive: true, force: true, maxRetries: 10 });
  }

  async #write(file: string, text: string): Promise<void> {
    const target = path.join(this.#at, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, text);
  }

  async #command(line: string): Promise<void> {
    if (line === 'npm install') return this.#install();
    if (line.startsWith('cd ')) this.#at = path.join(this.#at, line.slice(3));
    else
      await run('sh', ['-c', line], { cwd: this.#at, env: this.env }).catch(
        (error: { stdout: string; stderr: string }) => {
          throw new Error(`"${line}" failed:\n${error.stdout}\n${error.stderr}`);
        },
      );
  }

  /** What an installation leaves, without the network: what the plugin and the packages of the panel name, and no more. */
  async #install(): Promise<void> {
    const modules = path.join(this.#at, 'node_modules');
    await mkdir(path.join(modules, '.bin'), { recursive: true });
    for (const name of ['sdk', 'cli']) {
      const folder = path.join(modules, '@sodium', name);
      await mkdir(folder, { recursive: true });
      const archive = (await readdir(packages)).find((file) => file.startsWith(`sodium-${name}-`))!;
      await run('tar', ['-xzf', path.join(packages, archive), '--strip-components=1', '-C', folder]);
    }
    for (const folder of [this.#at, path.join(modules, '@sodium/sdk'), path.join(modules, '@sodium/cli')])
      for (const name of await dependenciesOf(folder)) await linkPackage(name, modules);
    const command = path.join(modules, '@sodium/cli/dist/sodium.js');
    await chmod(command, 0o755);
    await symlink(command, path.join(modules, '.bin/sodium'));
  }

  /** As `npm run dev`, on a port that is free. */
  async #startDev(options: string[] = []): Promise<DevPage> {
    const args = ['dev', ...options, '--port', '0', '--json'];
    this.#dev = spawn(path.join(this.#at, 'node_modules/.bin/sodium'), args, {
      cwd: this.#at,
      env: this.env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const dev = this.#dev;
    // Read to its end: a reader that goes away would end the writer too.
    const lines = createInterface({ input: dev.stdout! });
    const said = this.#said;
    return new Promise((resolve, reject) => {
      lines.on('line', (line) => {
        said.push(line);
        const event = JSON.parse(line) as { event: string } & DevPage;
        if (event.event === 'ready') resolve(event);
      });
      dev.once('exit', (code) => reject(new Error(`"npm run dev" ended with ${code}:\n${said.join('\n')}`)));
    });
  }
}

async function dependenciesOf(folder: string): Promise<string[]> {
  const manifest = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as Record<string, object>;
  const fields = [manifest.dependencies, manifest.devDependencies, manifest.peerDependencies];
  return fields.flatMap((field) => Object.keys(field ?? {})).filter((name) => !name.startsWith('@sodium/'));
}

async function linkPackage(name: string, modules: string): Promise<void> {
  const [source, target] = [path.join(root, 'node_modules', name), path.join(modules, name)];
  if (existsSync(target) || !existsSync(source)) return;
  await mkdir(path.dirname(target), { recursive: true });
  await symlink(source, target);
}
