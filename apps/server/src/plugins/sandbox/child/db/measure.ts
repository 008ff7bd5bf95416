export const MAX_DEPTH = 100;

const OBJECT_BYTES = 56;
const ARRAY_BYTES = 40;
const FIELD_BYTES = 8;
const STRING_BYTES = 20;

/**
 * Roughly what plain JSON takes on the heap: `[[],[]]` is short as text and large in memory.
 * Throws when it nests too deeply for the functions that walk it.
 */
export function measure(value: unknown, depth = 0): number {
  if (typeof value === 'string') return STRING_BYTES + value.length;
  if (typeof value !== 'object' || value === null) return FIELD_BYTES;
  if (depth >= MAX_DEPTH) throw new TypeError(`A document may nest at most ${MAX_DEPTH} levels deep.`);
  if (Array.isArray(value)) {
    let bytes = ARRAY_BYTES;
    for (let index = 0; index < value.length; index++) bytes += FIELD_BYTES + measure(value[index], depth + 1);
    return bytes;
  }
  let bytes = OBJECT_BYTES;
  for (const key in value) bytes += FIELD_BYTES + measure((value as Record<string, unknown>)[key], depth + 1);
  return bytes;
}
