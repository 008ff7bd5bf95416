import { spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface PanelOptions {
  /** Take over the data of an earlier panel. */
  data?: string;
  /** What the configuration of new data holds besides the ports of servers. */
  config?: object;
  port?: number;
  env?: Record<string, string>;
}

/** Workers test side by side on one machine: the servers of their panels listen on ports of their own. */
async function newData(config: object): Promise<string> {
  const data = await mkdtemp(path.join(os.tmpdir(), 'sodium-e2e-'));
  const from = 20_000 + Number(process.env.TEST_PARALLEL_INDEX ?? 0) * 1_000;
  await writeFile(
    path.join(data, 'config.json'),
    JSON.stringify({ servers: { ports: { from, to: from + 999 } }, ...config }),
  );
  return data;
}

/** A real panel in a process of its own, with data of its own. */
export class Panel {
  private output = '';

  private constructor(
    private readonly child: ChildProcess,
    readonly data: string,
    readonly url: string,
  ) {}

  static async start(options: PanelOptions = {}): Promise<Panel> {
    const data = options.data ?? (await newData(options.config ?? {}));
    const child = spawn(process.execPath, [path.join(root, 'apps/server/dist/main.js')], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        PORT: String(options.port ?? 0),
        SODIUM_DATA: data,
        ...options.env,
      },
    });
    let output = '';
    const url = await new Promise<string>((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        output += String(chunk);
        const found = /listens on (http:\/\/\S+)/.exec(output);
        if (found) resolve(found[1]!);
      };
      child.stdout!.on('data', read);
      child.stderr!.on('data', read);
      child.once('exit', (code) => reject(new Error(`The panel ended with ${code}:\n${output}`)));
    });
    const panel = new Panel(child, data, url.replace(/\/$/, ''));
    child.stdout!.on('data', (chunk) => (panel.output += String(chunk)));
    await panel.ready();
    return panel;
  }

  get log(): string {
    return this.output;
  }

  get pid(): number {
    return this.child.pid!;
  }

  async ready(): Promise<void> {
    for (;;) {
      const response = await fetch(`${this.url}/readyz`).catch(() => null);
      if (response?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  /** Ends the process without letting it say goodbye. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  /** Stops the panel and deletes its data. */
  async dispose(): Promise<void> {
    await this.stop();
    await rm(this.data, { recursive: true, force: true, maxRetries: 10 });
  }

  /** Puts a plugin into `data/plugins`, as an admin would by hand. */
  async drop(id: string, files: Record<string, string | object>): Promise<void> {
    for (const [file, content] of Object.entries(files)) {
      const target = path.join(this.data, 'plugins', id, file);
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
    }
  }

  async dropFixture(id: string): Promise<void> {
    await cp(path.join(root, 'e2e/fixtures', id), path.join(this.data, 'plugins', id), { recursive: true });
  }

  private end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      this.child.once('exit', () => resolve());
      this.child.kill(signal);
    });
  }
}
