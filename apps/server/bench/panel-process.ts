import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './processes.js';

const built = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const MAIN = built('../main.js');
const PROBE = built('./probe.mjs');
/** Each look costs the starting panel a request. */
const READY_POLL_MS = 20;
const ADMIN = { username: 'admin', email: 'admin@example.org', password: 'only for measuring' };

export interface BenchPlugin {
  id: string;
  manifest?: Record<string, unknown>;
  server: string;
  client?: string;
}

/** The panel as it is shipped, in a process and on a data folder of its own. */
export class PanelProcess {
  #child: ChildProcess | null = null;
  #cookie = '';
  url = '';

  private constructor(readonly directory: string) {}

  static async create(): Promise<PanelProcess> {
    const panel = new PanelProcess(await mkdtemp(path.join(tmpdir(), 'sodium-bench-')));
    await mkdir(path.join(panel.directory, 'plugins'), { recursive: true });
    // What is measured is the way of a request, not the limit on how many there may be.
    await panel.configure((config) => (config.plugins = { http: { requestsPerMinute: 100_000_000 } }));
    return panel;
  }

  get pid(): number {
    return this.#child!.pid!;
  }

  /** Writes packages and makes them active by hand, as an operator would. The panel must not run. */
  async install(plugins: readonly BenchPlugin[]): Promise<void> {
    for (const plugin of plugins) await writePlugin(path.join(this.directory, 'plugins', plugin.id), plugin);
    await this.configure((config) => (config.plugins = { ...config.plugins, active: plugins.map(({ id }) => id) }));
  }

  /** Starts the panel and waits until it is ready. Resolves with how long that took, in milliseconds. */
  async start(): Promise<number> {
    const began = performance.now();
    const env = {
      PATH: process.env.PATH,
      PORT: '0',
      SODIUM_DATA: this.directory,
      SODIUM_LOG_LEVEL: 'error',
      SODIUM_TRUST_PROXY: 'loopback',
    };
    const child = spawn(process.execPath, ['--import', PROBE, MAIN], {
      env,
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    this.#child = child;
    this.url = await addressOf(child);
    await until(
      'the panel to be ready',
      async () => (await fetch(`${this.url}/readyz`).catch(() => null))?.status === 200,
      120_000,
      READY_POLL_MS,
    );
    return performance.now() - began;
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  }

  /** Stops the panel and forgets its data. */
  async end(): Promise<void> {
    await this.stop();
    await rm(this.directory, { recursive: true, force: true });
  }

  async login(): Promise<void> {
    const status = (await (await fetch(`${this.url}/api/auth/status`)).json()) as { setup: boolean };
    const response = await this.request('POST', status.setup ? '/api/auth/register' : '/api/auth/login', ADMIN);
    this.#cookie = response.headers.getSetCookie()[0]!.split(';')[0]!;
  }

  /** Sends a request and throws when it fails. */
  async request(method: string, route: string, body?: unknown): Promise<Response> {
    const response = await this.attempt(method, route, body);
    if (!response.ok) throw new Error(`${method} ${route} answered ${response.status}: ${await response.text()}`);
    return response;
  }

  attempt(method: string, route: string, body?: unknown): Promise<Response> {
    const headers = { cookie: this.#cookie, ...(body !== undefined && { 'content-type': 'application/json' }) };
    return fetch(this.url + route, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  }

  /** How long a request takes until its answer has been read, in milliseconds. */
  async timed(route: string): Promise<number> {
    const began = performance.now();
    await (await this.request('GET', route)).arrayBuffer();
    return performance.now() - began;
  }

  /** The 99th percentile of the event loop's delay while `work` is done, in milliseconds. */
  async loopDelay(work: () => Promise<void>): Promise<number> {
    await this.#probe('reset');
    await work();
    return this.#probe('read');
  }

  async #probe(order: string): Promise<number> {
    const answered = once(this.#child!, 'message') as Promise<[{ p99Ms: number }]>;
    this.#child!.send(order);
    return (await answered)[0].p99Ms;
  }

  private async configure(change: (config: { plugins: Record<string, unknown> }) => void): Promise<void> {
    const file = path.join(this.directory, 'config.json');
    const config = JSON.parse(await readFile(file, 'utf8').catch(() => '{"plugins":{}}')) as {
      plugins: Record<string, unknown>;
    };
    change(config);
    await writeFile(file, JSON.stringify(config));
  }
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4000);
      const address = /listens on (http:\S+)/.exec(output)?.[1];
      if (address) resolve(address);
    });
    child.once('exit', () => reject(new Error(`The panel ended before it listened. It said: ${output}`)));
  });
}

async function writePlugin(folder: string, { id, manifest, server, client }: BenchPlugin): Promise<void> {
  await mkdir(folder, { recursive: true });
  const base = {
    id,
    name: id,
    version: '1.0.0',
    type: 'feature',
    author: 'Sodium',
    description: 'Made to be measured.',
    sodium: '>=1.0.0',
  };
  await writeFile(
    path.join(folder, 'plugin.json'),
    JSON.stringify({ ...base, permissions: ['http:routes', 'db:own'], ...manifest }),
  );
  await writeFile(path.join(folder, 'server.js'), server);
  if (client) await writeFile(path.join(folder, 'client.js'), client);
}
