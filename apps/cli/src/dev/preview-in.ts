import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tracePositions } from '@sodium/server/package-checks';
import type { BuildResult } from '../build/index.js';
import type { PanelClient, PanelErrorBody } from '../panel/panel-client.js';
import { BuildError, type Problem } from '../problems/problem.js';
import { problemsOf } from './panel-problems.js';

interface PreviewAnswer extends PanelErrorBody {
  readonly hash?: string;
}

interface Report {
  readonly problems: readonly { readonly message: string; readonly where: string | null }[];
}

/**
 * Shows the installed content as a preview, which belongs to the session of this client. What runs there already takes
 * it over in its place; where it does not start, that goes on.
 */
export async function previewIn(client: PanelClient, { id, hash, outDir }: BuildResult): Promise<void> {
  const path = `/api/admin/plugins/${id}/preview`;
  const reloaded = await client.request<PreviewAnswer>('POST', `${path}/reload`, {});
  if (reloaded.status < 400 && reloaded.body.hash === hash) return;
  // Nobody has opened it yet, or it was discarded.
  if (reloaded.status === 404) {
    const opened = await client.request<PreviewAnswer>('POST', path, {});
    if (opened.status >= 400) throw new BuildError(problemsOf(opened.body, id));
  } else if (reloaded.status >= 400) throw new BuildError(problemsOf(reloaded.body, id));
  const { problems } = await client.must<Report>('GET', `${path}/report`);
  if (problems.length > 0) throw new BuildError([problemOf(problems[0]!, outDir)]);
}

function problemOf({ message, where }: Report['problems'][number], outDir: string): Problem {
  const [, file = '', line, column] = /^(.*?)(?::(\d+))?(?::(\d+))?$/.exec(inSources(where ?? '', outDir)) ?? [];
  const place = line ? { file, line: Number(line), column: Number(column ?? 1) } : { file };
  const said = message.replace(/^The changed plugin was not taken over\. /, '').split(/\n\s+at /)[0]!;
  return { severity: 'error', ...place, message: said, fix: '' };
}

/** A place in the server that runs, as a place in the sources that it was built from. */
function inSources(where: string, outDir: string): string {
  const [, line, column] = /^server\.js:(\d+):(\d+)$/.exec(where) ?? [];
  const [code, map] = [join(outDir, 'server.js'), join(outDir, 'server.js.map')];
  if (!line || !existsSync(map)) return where;
  const position = { line: Number(line), column: Number(column) };
  return tracePositions(readFileSync(code, 'utf8'), readFileSync(map, 'utf8'), [position])[0] ?? where;
}
