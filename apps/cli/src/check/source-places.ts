import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import type { Place } from './locate-field.js';

export type FindPlace = (file: string, place: Place) => Place & { readonly file: string };

/** Leads a place in a built file back to the author's own file, where a map stands beside it. */
export function sourcePlaces(folder: string): FindPlace {
  const maps = new Map<string, TraceMap | null>();
  return (file, place) => {
    if (!maps.has(file)) maps.set(file, readMap(join(folder, `${file}.map`)));
    const map = maps.get(file);
    const found = map ? originalPositionFor(map, { line: place.line, column: place.column - 1 }) : null;
    return found?.source
      ? { file: found.source, line: found.line, column: found.column + 1 }
      : { file, line: place.line, column: place.column };
  };
}

function readMap(path: string): TraceMap | null {
  return existsSync(path) ? new TraceMap(readFileSync(path, 'utf8')) : null;
}
