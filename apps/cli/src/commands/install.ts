import { readFileSync, rmSync, statSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { openSession } from '../panel/open-session.js';
import type { PanelClient, PanelErrorBody } from '../panel/panel-client.js';
import { problemFrom } from '../problems/problem.js';
import { countProblems, showProblems } from '../terminal/show-problems.js';
import { ExitError, UsageError, type CommandContext } from './command-context.js';
import { pack } from './pack.js';

export interface InstallOptions {
  readonly url: string;
  readonly json?: boolean;
}

const faultSchema = z.object({ path: z.string(), message: z.string(), fix: z.string() });
const installedSchema = z.object({
  id: z.string(),
  version: z.string(),
  state: z.string(),
  dependencies: z
    .array(z.object({ id: z.string(), range: z.string(), found: z.string().nullable(), satisfied: z.boolean() }))
    .default([]),
});

/** `sodium install`: brings a plugin, packed or not, into a running panel. There an admin reads what it asks for. */
export async function install(path: string, options: InstallOptions, context: CommandContext): Promise<void> {
  const { terminal, cwd } = context;
  const scratch = await mkdtemp(join(tmpdir(), 'sodium-install-'));
  try {
    const zip = readFileSync(await zipOf(resolve(cwd, path), scratch, context));
    const client = await openSession(options.url, context);
    const done = terminal.progress(`Installing into ${client.url}`);
    const { status, body } = await client.request('POST', '/api/admin/plugins/install', zip).finally(done);
    if (status >= 400) refuse(status, body as PanelErrorBody, client, options, context);
    tell(installedSchema.parse(body), status === 201, client, options, context);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A zip file goes as it is; a folder is packed first. */
async function zipOf(path: string, scratch: string, context: CommandContext): Promise<string> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new UsageError(`"${path}" does not exist.`, 'Name a plugin’s folder or a zip file of one.');
  if (found.isFile()) return path;
  const quiet = { ...context, terminal: { ...context.terminal, out: () => undefined } };
  return (await pack(path, { out: join(scratch, 'package.zip') }, quiet)).file;
}

function tell(
  installed: z.infer<typeof installedSchema>,
  isNew: boolean,
  { url }: PanelClient,
  { json }: InstallOptions,
  { terminal }: CommandContext,
): void {
  const { id, version, state, dependencies } = installed;
  const page = `${url}/admin/plugins/${id}`;
  if (json) return terminal.out(JSON.stringify({ ok: true, id, version, state, isNew, dependencies, page }, null, 2));
  const { colors } = terminal;
  terminal.out(`${colors.green('✓')} ${isNew ? 'Installed' : 'Updated'} ${id} ${version}: ${state}.`);
  for (const { id: other, range, found } of dependencies.filter(({ satisfied }) => !satisfied))
    terminal.err(`${colors.yellow('warning')} it needs "${other}" ${range}, found ${found ?? 'none that is active'}.`);
  terminal.out(`  ${state === 'active' ? 'See it' : 'Preview and activate it'} at ${colors.cyan(page)}`);
}

function refuse(
  status: number,
  { error }: PanelErrorBody,
  { url }: PanelClient,
  { json }: InstallOptions,
  { terminal }: CommandContext,
): never {
  if (status === 401)
    throw new UsageError(`${url} does not know this session.`, 'Log in anew: SODIUM_TOKEN has ended.');
  if (status === 403) throw new UsageError(`${url}: ${error?.message ?? 'not allowed'}`, 'Use an admin’s account.');
  const faults = z.array(faultSchema).safeParse(error?.details);
  const problems = faults.success
    ? faults.data.map(({ message, fix }) => problemFrom(message, fix))
    : [problemFrom(error?.message ?? `The panel answered ${status}.`)];
  if (json) terminal.out(JSON.stringify({ ok: false, code: error?.code, problems }, null, 2));
  else
    terminal.err(
      `${showProblems(problems, terminal.colors)}\n${url} did not install it: ${countProblems(problems)}. Nothing was changed.`,
    );
  throw new ExitError(1);
}
