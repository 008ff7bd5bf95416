import { join, resolve } from 'node:path';
import { readPluginSource } from '../build/plugin-source.js';
import { followBrowserErrors } from '../dev/browser-errors.js';
import { ClientBuilder } from '../dev/client-builder.js';
import { activateIn, deploy } from '../dev/deploy.js';
import type { DevEvent } from '../dev/dev-events.js';
import { joinPanel, ownPanel } from '../dev/dev-panel.js';
import { startDevServer, type DevServer } from '../dev/dev-server.js';
import { previewIn } from '../dev/preview-in.js';
import { UpdateLoop } from '../dev/update-loop.js';
import { watchSources } from '../dev/watch-sources.js';
import { BuildError, type Problem } from '../problems/problem.js';
import { showProblems } from '../terminal/show-problems.js';
import { ExitError, UsageError, type CommandContext } from './command-context.js';

export interface DevOptions {
  readonly url?: string;
  readonly port: string;
  /** Runs it as an active plugin instead of a preview. */
  readonly active?: boolean;
  readonly json?: boolean;
}

interface Mode {
  readonly active: boolean;
  readonly own: boolean;
}

/** `sodium dev`: the plugin in a panel, and every save in the browser. Ends with Ctrl+C, at any time. */
export async function dev(path: string, options: DevOptions, context: CommandContext): Promise<void> {
  const folder = resolve(context.cwd, path);
  const id = idOf(folder, context);
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => ending.abort());
  const owned: (() => unknown)[] = [];
  try {
    await develop({ folder, id, options, context, signal: ending.signal, own: (end) => void owned.push(end) });
  } catch (error) {
    // What it was about to do when it was told to end did not work out.
    if (!ending.signal.aborted) throw error;
  } finally {
    ending.abort();
    for (const end of owned.reverse()) await end();
  }
}

interface Development {
  readonly folder: string;
  readonly id: string;
  readonly options: DevOptions;
  readonly context: CommandContext;
  /** Aborted when it is to end. */
  readonly signal: AbortSignal;
  /** What is to be done at the end, the last first. */
  own(end: () => unknown): void;
}

async function develop({ folder, id, options, context, signal, own }: Development): Promise<void> {
  const { terminal } = context;
  const port = portOf(options.port);
  const scratch = join(folder, '.sodium');
  const outDir = join(scratch, 'build', id);
  const clients = new ClientBuilder(join(scratch, 'client'));
  own(() => clients.dispose());
  clients.warm();
  const done = terminal.progress(options.url ? `Joining ${options.url}` : 'Starting a panel');
  const panel = await (
    options.url ? joinPanel(options.url, context, signal) : ownPanel(scratch, context, signal)
  ).finally(done);
  own(() => panel.stop());
  const mode: Mode = { active: options.active ?? false, own: options.url === undefined };
  const home = mode.active ? '/' : `/admin/plugins/${id}/preview`;
  const server = await startDevServer({ panel: panel.client.url, port, home, login: panel.login });
  own(() => server.close());
  const show = mode.active ? activateIn(panel.consent) : previewIn;
  const tell = (event: DevEvent): void => {
    if (signal.aborted) return;
    server.tell(event);
    terminal.out(options.json ? JSON.stringify(event) : inWords(event, server, mode, context));
  };
  const loop = new UpdateLoop({
    folder,
    outDir,
    build: { minify: false, client: clients.build },
    deploy: (built) => deploy(panel.client, built, show),
    tell: (event) => {
      tell(event);
      clients.warm();
    },
  });
  const watcher = await watchSources(folder, () => void loop.update());
  own(() => watcher.close());
  await Promise.race([loop.update(), aborted(signal)]);
  tell({ event: 'ready', url: server.url, login: server.loginUrl, plugin: id });
  const threw = (problems: readonly Problem[]): void => tell({ event: 'threw', problems });
  if (!mode.active) void followBrowserErrors(panel.client, { id, outDir }, threw, signal);
  const fault = await Promise.race([
    aborted(signal),
    panel.ended.then((how) => `The panel ended by itself, with ${how}.`),
  ]);
  if (fault) throw new UsageError(fault, 'What it wrote stands above. Start again; delete .sodium to begin anew.');
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

function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener('abort', () => resolve(null), { once: true });
  });
}

function inWords(event: DevEvent, server: DevServer, { active, own }: Mode, { terminal }: CommandContext): string {
  const { colors } = terminal;
  if (event.event === 'updated') return `${colors.green('✓')} ${event.version} is in the panel (${event.ms} ms)`;
  if (event.event === 'failed') {
    const rest = event.kept ? 'The last good version runs on.' : 'Waiting for the next save.';
    return `${showProblems(event.problems, colors)}\n${colors.dim(rest)}`;
  }
  if (event.event === 'threw')
    return `${showProblems(event.problems, colors)}\n${colors.dim('That was in the browser.')}`;
  const { loginUrl } = server;
  const page = `/admin/plugins/${event.plugin}`;
  const links: [string, string][] = [
    [active ? 'Panel' : 'Preview', loginUrl],
    ...(active && own ? [['as a user', `${loginUrl}?as=ann`] as [string, string]] : []),
    active ? ['its page', `${loginUrl}?to=${page}`] : ['Panel', `${loginUrl}?to=/`],
  ];
  return [
    '',
    ...links.map(([label, link]) => `  ${label.padEnd(10)} ${colors.cyan(link)}`),
    '',
    colors.dim('  Every save is brought to the browser. Ctrl+C ends it.'),
    ...(active ? [] : [colors.dim('  Nothing that it does is kept; "sodium dev --active" uses it in earnest.')]),
  ].join('\n');
}
