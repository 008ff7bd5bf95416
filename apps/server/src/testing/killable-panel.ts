import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { builtSandbox } from '../plugins/sandbox/testing/built-sandbox.js';
import { TestClient } from './test-client.js';

const server = fileURLToPath(new URL('../../', import.meta.url));

/** A panel in a process of its own on one data folder, which dies without warning as often as a test likes. */
export class KillablePanel {
  readonly admin = new TestClient(() => this.url);
  private url = '';
  /** Without warning. */
  kill: () => Promise<void> = () => Promise.resolve();
  pid = 0;
  /** Without warning, once it comes to this step of an operation. */
  endAt: (step: string) => Promise<void> = () => Promise.resolve();
  /** Ends when the process has. */
  gone: Promise<void> = Promise.resolve();

  private constructor(
    readonly data: string,
    private readonly script: string,
    private readonly sandbox: string,
  ) {}

  static async prepare(): Promise<KillablePanel> {
    const data = await mkdtemp(path.join(tmpdir(), 'sodium-kill-'));
    // Beside node_modules, which it needs.
    const script = path.join(server, 'dist', `killable-panel-${process.pid}.mjs`);
    const entry = fileURLToPath(new URL('./panel-process.ts', import.meta.url));
    await build({
      entryPoints: [entry],
      outfile: script,
      bundle: true,
      format: 'esm',
      platform: 'node',
      logLevel: 'error',
      plugins: [packagesStayOutside],
    });
    return new KillablePanel(data, script, await builtSandbox());
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, [this.script, this.data, this.sandbox], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.gone = new Promise((resolve) => child.once('exit', () => resolve()));
    this.pid = child.pid ?? 0;
    this.kill = () => (child.kill('SIGKILL'), this.gone);
    // Killed while it is being told something, it is no fault of the test's.
    child.stdin.on('error', () => undefined);
    const said = (words: RegExp): Promise<RegExpExecArray> => saidBy(child, words);
    this.endAt = async (step) => {
      const heard = said(new RegExp(`ends at ${step}\\n`));
      child.stdin.write(`${step}\n`);
      await heard;
    };
    this.url = (await said(/listens on (\S+)[\s\S]*ready/))[1]!;
  }

  async dispose(): Promise<void> {
    await this.kill();
    await rm(this.script, { force: true });
    await rm(this.data, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Waits until a process has written this. */
function saidBy(child: ChildProcess, words: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let output = '';
    const listen = (chunk: Buffer): void => {
      output += String(chunk);
      const found = words.exec(output);
      if (found) resolve(found);
    };
    child.stdout!.on('data', listen);
    child.once('exit', () => reject(new Error(`The panel ended early: ${output}`)));
  });
}

const packagesStayOutside: Plugin = {
  name: 'packages-stay-outside',
  setup: (b) =>
    b.onResolve({ filter: /^[^./]/ }, ({ path: name, kind }) =>
      kind === 'entry-point' || name.startsWith('@sodium/') ? undefined : { path: name, external: true },
    ),
};
