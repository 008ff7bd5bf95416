import { confirm } from '@clack/prompts';
import { join, resolve } from 'node:path';
import { readPluginSource } from '../build/plugin-source.js';
import { ClientWorkers } from '../dev/client-workers.js';
import { openDemo } from '../dev/demo-data.js';
import { deploy, type Consent } from '../dev/deploy.js';
import type { DevEvent } from '../dev/dev-events.js';
import { startDevServer, type DevServer, type DevServerOptions } from '../dev/dev-server.js';
import { startPanel } from '../dev/start-panel.js';
import { UpdateLoop } from '../dev/update-loop.js';
import { watchSources } from '../dev/watch-sources.js';
import { openSession } from '../panel/open-session.js';
import { PanelClient } from '../panel/panel-client.js';
import { BuildError } from '../problems/problem.js';
import { showProblems } from '../terminal/show-problems.js';
import { ExitError, UsageError, type CommandContext } from './command-context.js';

export interface DevOptions {
  readonly url?: string;
  readonly port: string;
  readonly json?: boolean;
}

/** A panel to show the plugin in. */
interface DevPanel {
  readonly client: PanelClient;
  readonly login: DevServerOptions['login'];
  readonly consent: Consent;
  /** Resolves when the panel has gone; never for one that somebody else runs. */
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
}

/** `sodium dev`: the plugin in a panel, and every save in the browser. Ends with Ctrl+C. */
export async function dev(path: string, options: DevOptions, context: CommandContext): Promise<void> {
  const { terminal, cwd } = context;
  const folder = resolve(cwd, path);
  const id = idOf(folder, context);
  const scratch = join(folder, '.sodium');
  const workers = new ClientWorkers();
  workers.warm();
  const done = terminal.progress(options.url ? `Joining ${options.url}` : 'Starting a panel');
  const panel = await (options.url ? joinPanel(options.url, context) : ownPanel(scratch, context)).finally(done);
  const server = await startDevServer({ panel: panel.client.url, port: portOf(options.port), login: panel.login });
  const tell = (event: DevEvent): void => {
    server.tell(event);
    terminal.out(options.json ? JSON.stringify(event) : inWords(event, server, context));
  };
  const loop = new UpdateLoop({
    folder,
    outDir: join(scratch, 'build', id),
    build: { minify: false, client: workers.build },
    deploy: (built) => deploy(panel.client, built, panel.consent),
    tell,
  });
  const watcher = await watchSources(folder, () => void loop.update());
  await loop.update();
  tell({ event: 'ready', url: server.url, login: server.loginUrl, plugin: id });
  await Promise.race([interrupted(), panel.ended]);
  workers.dispose();
  await Promise.all([watcher.close(), server.close()]);
  await panel.stop();
}

/** A panel in the plugin's folder, with accounts and servers to try things on. It is the author's: nothing is asked. */
async function ownPanel(scratch: string, { terminal }: CommandContext): Promise<DevPanel> {
  const started = await startPanel(join(scratch, 'data'), (text) => terminal.err(text.trimEnd()));
  try {
    const { client, accounts } = await openDemo(started.url, scratch);
    return {
      client,
      ended: started.ended,
      stop: started.stop,
      consent: () => Promise.resolve(true),
      login: async (username) => {
        const account = Object.values(accounts).find((known) => known.username === username);
        if (!account) return null;
        const session = new PanelClient(started.url);
        await session.login(account.username, account.password);
        return session.token;
      },
    };
  } catch (error) {
    await started.stop();
    throw error;
  }
}

/** Somebody's panel: its admin logs in as always, and says on the terminal whether the plugin may have what it asks for. */
async function joinPanel(url: string, context: CommandContext): Promise<DevPanel> {
  const client = await openSession(url, context);
  const consent: Consent = async (permissions) => {
    if (!context.terminal.interactive) return false;
    const list = permissions.length > 0 ? permissions.join(', ') : 'nothing';
    return (await confirm({ message: `Activate it? It asks for: ${list}` })) === true;
  };
  return { client, consent, login: null, ended: new Promise(() => undefined), stop: () => Promise.resolve() };
}

function idOf(folder: string, { terminal }: CommandContext): string {
  try {
    return readPluginSource(folder).manifest.id;
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    terminal.err(showProblems(error.problems, terminal.colors));
    throw new ExitError(1);
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError(`--port: expected a whole number from 0 to 65535, found "${text}".`);
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}

function inWords(event: DevEvent, server: DevServer, { terminal }: CommandContext): string {
  const { colors } = terminal;
  if (event.event === 'updated') return `${colors.green('✓')} ${event.version} is in the panel (${event.ms} ms)`;
  if (event.event === 'failed') {
    const rest = event.kept ? 'The last good version runs on.' : 'Waiting for the next save.';
    return `${showProblems(event.problems, colors)}\n${colors.dim(rest)}`;
  }
  const admin = `/admin/plugins/${event.plugin}`;
  const lines: [string, string][] = server.loginUrl
    ? [
        ['Panel', `${server.loginUrl}`],
        ['as a user', `${server.loginUrl}?as=ann`],
        ['its page', `${server.loginUrl}?to=${admin}`],
      ]
    : [
        ['Panel', server.url],
        ['its page', `${server.url}${admin}`],
      ];
  return [
    '',
    ...lines.map(([label, link]) => `  ${label.padEnd(10)} ${colors.cyan(link)}`),
    '',
    colors.dim('  Every save is brought to the browser. Ctrl+C ends it.'),
  ].join('\n');
}
