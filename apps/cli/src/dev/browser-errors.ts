import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { BuildResult } from '../build/index.js';
import type { PanelClient } from '../panel/panel-client.js';
import type { Problem } from '../problems/problem.js';

const PAUSE_MS = 500;

interface Report {
  readonly revision: number;
  /** Newest first. */
  readonly errors: readonly { readonly at: string; readonly source: 'server' | 'client'; readonly message: string }[];
}

/** Tells what a plugin's client throws in the preview, as it happens. Resolves when `signal` says so; never rejects. */
export async function followBrowserErrors(
  client: PanelClient,
  { id, outDir }: Pick<BuildResult, 'id' | 'outDir'>,
  tell: (problems: readonly Problem[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const path = `/api/admin/plugins/${id}/preview/report`;
  let revision = -1;
  let seen: string | null = null;
  while (!signal.aborted) {
    const answer = await client
      .request<Report>('GET', `${path}?after=${revision}`, undefined, signal)
      .catch(() => null);
    if (answer?.status !== 200) {
      // Discarded for now, or the panel is busy with other things.
      revision = -1;
      await setTimeout(PAUSE_MS, undefined, { signal }).catch(() => undefined);
      continue;
    }
    revision = answer.body.revision;
    const errors = answer.body.errors.filter(({ source }) => source === 'client');
    // What somebody's preview had to tell before this began is old.
    const since: string = seen ?? errors[0]?.at ?? '';
    const fresh = errors.filter(({ at }) => at > since).reverse();
    seen = errors[0]?.at ?? since;
    if (fresh.length > 0) tell(fresh.map(({ message }) => problemIn(message, outDir)));
  }
}

function problemIn(text: string, outDir: string): Problem {
  const message = text.split('\n', 1)[0]!;
  const [, line, column] = /\bclient\.js(?:\?[^\s:]*)?:(\d+):(\d+)/.exec(text) ?? [];
  const place = line ? inSources(Number(line), Number(column), join(outDir, 'client.js.map')) : { file: '' };
  return { severity: 'error', ...place, message, fix: '' };
}

/** A place in the client that runs, as a place in the sources that it was built from. */
function inSources(line: number, column: number, mapFile: string): Pick<Problem, 'file' | 'line' | 'column'> {
  const place = { file: 'client.js', line, column };
  if (!existsSync(mapFile)) return place;
  const map = new SourceMap(JSON.parse(readFileSync(mapFile, 'utf8')) as SourceMapPayload);
  const found = map.findEntry(line - 1, column - 1);
  if (!('originalSource' in found)) return place;
  return { file: found.originalSource, line: found.originalLine + 1, column: found.originalColumn + 1 };
}
