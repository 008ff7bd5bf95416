import { packFolder } from '../pack/write-package.js';
import type { PanelClient, PanelErrorBody } from '../panel/panel-client.js';
import { BuildError, problemFrom, type Problem } from '../problems/problem.js';
import type { BuildResult } from '../build/index.js';

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
  const asked = await client.request<PanelErrorBody>('POST', path, {});
  if (asked.status < 400) return;
  const permissions = permissionsOf(asked.body);
  if (asked.status !== 409 || !permissions) throw new BuildError(problemsOf(asked.body, built.id));
  if (!(await consent(permissions)))
    throw new BuildError([
      {
        severity: 'error',
        file: 'plugin.json',
        message: 'An admin has not agreed to these permissions yet.',
        fix: `Activate it at ${client.url}/admin/plugins/${built.id}.`,
      },
    ]);
  const given = await client.request<PanelErrorBody>('POST', path, { permissions });
  if (given.status >= 400) throw new BuildError(problemsOf(given.body, built.id));
}

function permissionsOf({ error }: PanelErrorBody): string[] | null {
  if (error?.code !== 'CONSENT_REQUIRED') return null;
  return (error.details as { permissions?: string[] } | undefined)?.permissions ?? null;
}

/** The panel names places as `plugin:<id>/src/server.ts:3:5` or `server.js:3:5`, behind what is wrong there. */
function problemsOf({ error }: PanelErrorBody, id: string): Problem[] {
  if (Array.isArray(error?.details))
    return (error.details as Fault[]).map(({ message, fix }) => problemFrom(message, fix));
  const message = error?.message ?? 'The panel refused it without a reason.';
  const place = new RegExp(`(?:plugin:${id}/)?((?:src/)?[\\w./-]+\\.[jt]s):(\\d+)(?::(\\d+))?`).exec(message);
  if (!place) return [problemFrom(message)];
  const [, file = '', line, column] = place;
  return [{ severity: 'error', file, line: Number(line), column: Number(column ?? 1), message, fix: '' }];
}
