import { setTimeout } from 'node:timers/promises';
import { packFolder } from '../pack/write-package.js';
import type { PanelClient, PanelErrorBody } from '../panel/panel-client.js';
import { BuildError, problemFrom, type Problem } from '../problems/problem.js';
import type { BuildResult } from '../build/index.js';

const LOG_ATTEMPTS = 15;
const LOG_PAUSE_MS = 100;

interface LogLine {
  readonly at: number;
  readonly text: string;
}

interface Fault {
  readonly message: string;
  readonly fix: string;
}

/** Agrees to permissions on behalf of the panel's admin, or does not. */
export type Consent = (permissions: readonly string[]) => Promise<boolean>;

/**
 * Brings a built package into a panel and runs it there in the place of the one before. Throws `BuildError` when the
 * panel refuses it or it does not start: then the one before runs on.
 */
export async function deploy(client: PanelClient, built: BuildResult, consent: Consent): Promise<void> {
  const sent = await client.request<PanelErrorBody>('POST', '/api/admin/plugins/install', packFolder(built.outDir));
  if (sent.status >= 400) throw new BuildError(problemsOf(sent.body, built.id));
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

/** The panel names places as `plugin:<id>/src/server.ts:3:5` or `server.js:3:5`, behind what is wrong there. */
function problemsOf({ error }: PanelErrorBody, id: string): Problem[] {
  if (Array.isArray(error?.details))
    return (error.details as Fault[]).map(({ message, fix }) => problemFrom(message, fix));
  const message = error?.message ?? 'The panel refused it without a reason.';
  return [{ severity: 'error', ...placeIn(message, id), message, fix: '' }];
}

/** Places as stacks write them: `plugin:<id>/src/server.ts:3:5`. */
function placeIn(text: string, id: string): Pick<Problem, 'file' | 'line' | 'column'> {
  const place = new RegExp(`plugin:${id}/([\\w./@+-]+):(\\d+)(?::(\\d+))?`).exec(text);
  return place ? { file: place[1]!, line: Number(place[2]), column: Number(place[3] ?? 1) } : { file: '' };
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
