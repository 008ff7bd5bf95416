import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { getLineInfo } from 'acorn';
import { compileModule } from './compile-plugin.js';

export interface Position {
  line: number;
  column: number;
}

const INLINE_MAP = /\/\/[#@] sourceMappingURL=data:application\/json[^,\n]{0,100},([^\s'"]*)\s*$/;
const NAME_LENGTH = 200;

/**
 * Leads positions in the compiled text of `source` back to what its author wrote: `src/server.ts:12:5`, or null where
 * the map does not say. Positions count lines and columns from 1, as stacks do.
 */
export function tracePositions(source: string, map: string, positions: readonly Position[]): (string | null)[] {
  const trace = new TraceMap(map || inlineMap(source));
  const { edits, headLength } = compileModule(source, 'server.js');
  const lineStarts = startsOfLines(edits.apply());
  return positions.map(({ line, column }) => {
    const start = lineStarts[line - 1];
    if (start === undefined) return null;
    const offset = start + column - 1 - (line === 1 ? headLength : 0);
    const written = getLineInfo(source, edits.sourceOffset(Math.max(0, offset)));
    const found = originalPositionFor(trace, written);
    return found.source === null ? null : `${cleanName(found.source)}:${found.line}:${found.column + 1}`;
  });
}

function inlineMap(source: string): string {
  const at = source.lastIndexOf('sourceMappingURL=');
  const data = at < 0 ? null : INLINE_MAP.exec(source.slice(Math.max(0, at - 4)))?.[1];
  if (!data) throw new Error('no source map');
  return Buffer.from(decodeURIComponent(data), 'base64').toString('utf8');
}

function startsOfLines(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Below the author's folder, without anything that could pass for another part of a stack. */
const cleanName = (name: string): string =>
  name
    .replace(/^[a-z-]+:\/\/+/i, '')
    .replace(/^(?:\.{0,2}\/)+/, '')
    .replace(/[^\w.@/+-]/g, '_')
    .slice(-NAME_LENGTH);
