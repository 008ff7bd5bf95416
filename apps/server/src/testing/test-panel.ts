import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createPanel, type Panel, type PanelOptions } from '../create-panel.js';
import { builtSandbox } from '../plugins/sandbox/testing/built-sandbox.js';
import { TestClient, type TestAnswer } from './test-client.js';

/** A plugin as a test writes it: the manifest's fields that matter, and the files beside it. */
export interface PluginSource {
  manifest?: Record<string, unknown>;
  server?: string;
  client?: string;
  files?: Record<string, string>;
}

export type TestPanelOptions = Partial<Pick<PanelOptions, 'safeMode' | 'logLevel' | 'previewLifetimeMs'>> & {
  /** Written before the first start. */
  config?: object;
};

/** The real panel on a data folder of its own, with an admin and a user logged in. */
export class TestPanel {
  readonly admin = new TestClient(() => this.url);
  readonly user = new TestClient(() => this.url);
  readonly nobody = new TestClient(() => this.url);
  private panel: Panel | null = null;
  private port = 0;
  /** Hears of each step of an operation on packages, as it is taken. */
  onInstallStep: (step: string) => void = () => undefined;

  private constructor(readonly data: string) {}

  static async start(options: TestPanelOptions = {}): Promise<TestPanel> {
    const panel = new TestPanel(await mkdtemp(path.join(tmpdir(), 'sodium-panel-')));
    if (options.config) await writeFile(path.join(panel.data, 'config.json'), JSON.stringify(options.config));
    await panel.open(options);
    await panel.admin.register('root');
    await panel.user.register('ann');
    return panel;
  }

  get url(): string {
    if (this.port === 0) throw new Error('The panel is not open.');
    return `http://127.0.0.1:${this.port}`;
  }

  /** Whether somebody answers, which is before `open` has resolved. */
  async answers(): Promise<boolean> {
    return this.nobody.get('/healthz').then(
      () => true,
      () => false,
    );
  }

  /** Starts the panel on the same data again. Sessions are kept. */
  async open({ safeMode = false, logLevel = 'silent', previewLifetimeMs }: TestPanelOptions = {}): Promise<void> {
    // Known beforehand, so that a test can speak to a panel that is still starting.
    this.port = await freePort();
    this.panel = await createPanel(
      await panelOptions(this.data, {
        safeMode,
        logLevel,
        previewLifetimeMs,
        port: this.port,
        onInstallStep: (step) => this.onInstallStep(step),
      }),
    );
  }

  async close(): Promise<void> {
    const { panel } = this;
    this.panel = null;
    await panel?.close();
  }

  async restart(options?: TestPanelOptions): Promise<void> {
    await this.close();
    await this.open(options);
  }

  async dispose(): Promise<void> {
    await this.close();
    await rm(this.data, { recursive: true, force: true, maxRetries: 10 });
  }

  async drop(id: string, source: PluginSource): Promise<Record<string, unknown>> {
    const folder = path.join(this.data, 'plugins', id);
    const manifest = manifestOf(id, source);
    const files = {
      'plugin.json': JSON.stringify(manifest, null, 2),
      ...(source.server !== undefined && { 'server.js': source.server }),
      ...(source.client !== undefined && { 'client.js': source.client }),
      ...source.files,
    };
    for (const [file, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
      await writeFile(path.join(folder, file), text);
    }
    return manifest;
  }

  /** Drops a plugin's folder and agrees to what it declares. Returns the answer. */
  async tryActivate(id: string, source: PluginSource): Promise<TestAnswer> {
    const manifest = await this.drop(id, source);
    return this.admin.post(`/api/admin/plugins/${id}/activate`, { permissions: manifest.permissions ?? [] });
  }

  async activate(id: string, source: PluginSource): Promise<void> {
    const answer = await this.tryActivate(id, source);
    if (answer.status !== 200) throw new Error(`"${id}" was not activated: ${answer.status} ${answer.text}`);
  }

  async deactivate(...ids: string[]): Promise<void> {
    for (const id of ids) {
      const answer = await this.admin.post(`/api/admin/plugins/${id}/deactivate`);
      if (answer.status !== 200) throw new Error(`"${id}" was not deactivated: ${answer.status} ${answer.text}`);
    }
  }

  async row(id: string): Promise<TestAnswer['json']> {
    return (await this.admin.get(`/api/admin/plugins/${id}`)).json;
  }

  /** The lines of a plugin's log as one text each. */
  async logs(id: string): Promise<string[]> {
    const { json } = await this.admin.get(`/api/admin/plugins/${id}/logs`);
    return (json.items as { text: string }[]).map((entry) => entry.text);
  }

  /** What the plugin logged as JSON under this word: `logger.info('word ' + JSON.stringify(value))`. */
  async told(id: string, word: string): Promise<TestAnswer['json'][]> {
    const lines = (await this.logs(id)).filter((text) => text.startsWith(`${word} `));
    return lines.map((text) => JSON.parse(text.slice(word.length + 1)));
  }

  async config(): Promise<TestAnswer['json']> {
    return JSON.parse(await readFile(path.join(this.data, 'config.json'), 'utf8'));
  }

  async editConfig(change: (config: TestAnswer['json']) => void): Promise<void> {
    const config = await this.config();
    change(config);
    await writeFile(path.join(this.data, 'config.json'), JSON.stringify(config));
  }
}

export async function panelOptions(dataDirectory: string, patch: Partial<PanelOptions> = {}): Promise<PanelOptions> {
  return {
    port: 0,
    host: '127.0.0.1',
    dataDirectory,
    safeMode: false,
    trustProxy: false,
    logLevel: 'silent',
    shellDirectory: path.join(dataDirectory, 'no-shell'),
    docsDirectory: path.join(dataDirectory, 'no-docs'),
    packagesDirectory: path.join(dataDirectory, 'no-packages'),
    sandboxDirectory: await builtSandbox(),
    shippedPlugins: path.join(dataDirectory, 'no-plugins'),
    ...patch,
  };
}

function manifestOf(id: string, { manifest = {} }: PluginSource): Record<string, unknown> {
  return { id, name: id, version: '1.0.0', type: 'feature', sodium: '>=1.0.0', ...manifest };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Asks until the answer passes; fails with the last problem. */
export async function eventually<T>(ask: () => Promise<T>, check: (value: T) => void, ms = 10_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const value = await ask();
    try {
      check(value);
      return value;
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
