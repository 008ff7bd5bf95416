import { setTimeout } from 'node:timers/promises';
import { packFolder } from '../pack/write-package.js';
import type { PanelClient, PanelErrorBody } from '../panel/panel-client.js';
import { BuildError, type Problem } from '../problems/problem.js';
import type { BuildResult } from '../build/index.js';
import { placeIn, problemsOf } from './panel-problems.js';

const LOG_ATTEMPTS = 15;
const LOG_PAUSE_MS = 100;

interface LogLine {
  readonly at: number;
  readonly text: string;
}

/** Agrees to permissions on behalf of the panel's admin, or does not. */
export type Consent = (permissions: readonly string[]) => Promise<boolean>;

/** Brings what was installed in front of its author. */
export type Show = (client: PanelClient, built: BuildResult) => Promise<void>;

/**
 * Brings a built package into a panel and shows it there in the place of the one before. Throws `BuildError` when the
 * panel refuses it or it does not start: then the one before runs on.
 */
export async function deploy(client: PanelClient, built: BuildResult, show: Show): Promise<void> {
  const bytes = packFolder(built.outDir, { level: 0 });
  const sent = await client.request<PanelErrorBody>('POST', '/api/admin/plugins/install', bytes);
  if (sent.status >= 400) throw new BuildError(problemsOf(sent.body, built.id));
  await show(client, built);
}

/** As an active plugin, to be used in earnest. */
export const activateIn =
  (consent: Consent): Show =>
  (client, built) =>
    activate(client, built, consent);

async function activate(client: PanelClient, built: BuildResult, consent: Consent): Promise<void> {
  const path = `/api/admin/plugins/${built.id}/activate`;
  const since = Date.now();
  let answer = await client.request<PanelErrorBody>('POST', path, {});
  const permissions = answer.status === 409 ? permissionsOf(answer.body) : null;
  if (permissions) {
    if (!(await consent(permissions))) throw new BuildError([notAgreed(client, built)]);
    answer = await client.request<PanelErrorBody>('POST', path, { permissions });
  }
  if (answer.status < 400) return;
  const problems = problemsOf(answer.body, built.id);
  throw new BuildError(await Promise.all(problems.map((problem) => withLoggedPlace(problem, client, built.id, since))));
}

const notAgreed = ({ url }: PanelClient, { id }: BuildResult): Problem => ({
  severity: 'error',
  file: 'plugin.json',
  message: 'An admin has not agreed to these permissions yet.',
  fix: `Activate it at ${url}/admin/plugins/${id}.`,
});

function permissionsOf({ error }: PanelErrorBody): string[] | null {
  if (error?.code !== 'CONSENT_REQUIRED') return null;
  return (error.details as { permissions?: string[] } | undefined)?.permissions ?? null;
}

/** What throws while it starts has its stack in the plugin's log, soon after: the way back to the sources takes a moment. */
async function withLoggedPlace(problem: Problem, client: PanelClient, id: string, since: number): Promise<Problem> {
  if (problem.file !== '') return problem;
  for (let attempt = 0; attempt < LOG_ATTEMPTS; attempt += 1) {
    const { items = [] } = (await client.request<{ items?: LogLine[] }>('GET', `/api/admin/plugins/${id}/logs`)).body;
    const found = items.findLast(({ at, text }) => at >= since && placeIn(text, id).file !== '');
    if (found) return { ...problem, ...placeIn(found.text, id) };
    await setTimeout(LOG_PAUSE_MS);
  }
  return problem;
}
