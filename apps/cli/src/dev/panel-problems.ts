import type { PanelErrorBody } from '../panel/panel-client.js';
import { problemFrom, type Problem } from '../problems/problem.js';

interface Fault {
  readonly message: string;
  readonly fix: string;
}

/** The panel names places as `plugin:<id>/src/server.ts:3:5` or `server.js:3:5`, behind what is wrong there. */
export function problemsOf({ error }: PanelErrorBody, id: string): Problem[] {
  if (Array.isArray(error?.details))
    return (error.details as Fault[]).map(({ message, fix }) => problemFrom(message, fix));
  const message = error?.message ?? 'The panel refused it without a reason.';
  return [{ severity: 'error', ...placeIn(message, id), message, fix: '' }];
}

/** Places as stacks write them: `plugin:<id>/src/server.ts:3:5`. */
export function placeIn(text: string, id: string): Pick<Problem, 'file' | 'line' | 'column'> {
  const place = new RegExp(`plugin:${id}/([\\w./@+-]+):(\\d+)(?::(\\d+))?`).exec(text);
  return place ? { file: place[1]!, line: Number(place[2]), column: Number(place[3] ?? 1) } : { file: '' };
}
