export const MAX_DEPTH = 100;

/** What V8 takes on 64-bit machines, measured. */
const OBJECT_BYTES = 24;
const LEAST_FIELDS = 4;
const ARRAY_BYTES = 32;
const ELEMENTS_BYTES = 16;
const SLOT_BYTES = 8;
const STRING_BYTES = 16;
const DOUBLE_BYTES = 16;
/** A field name that no other document has needs a hidden class of its own. */
const NEW_KEY_BYTES = 200;
const MAX_KNOWN_KEYS = 50_000;
/** The row and its places in the collection's maps. */
const ROW_BYTES = 140;

/** Roughly what documents take on the heap: `[[],[]]` is short as text and large in memory. */
export class HeapEstimate {
  readonly #keys = new Set<string>();

  /** Throws when the document nests too deeply for the functions that walk it. */
  ofDocument(document: object): number {
    return ROW_BYTES + this.#of(document, 0);
  }

  #of(value: unknown, depth: number): number {
    if (typeof value === 'string') return STRING_BYTES + value.length;
    if (typeof value === 'number') return Number.isInteger(value) ? 0 : DOUBLE_BYTES;
    if (typeof value !== 'object' || value === null) return 0;
    if (depth >= MAX_DEPTH) throw new TypeError(`A document may nest at most ${MAX_DEPTH} levels deep.`);
    return Array.isArray(value) ? this.#ofArray(value, depth) : this.#ofObject(value as Record<string, unknown>, depth);
  }

  #ofArray(items: unknown[], depth: number): number {
    if (items.length === 0) return ARRAY_BYTES;
    let bytes = ARRAY_BYTES + ELEMENTS_BYTES + SLOT_BYTES * items.length;
    for (let index = 0; index < items.length; index++) bytes += this.#of(items[index], depth + 1);
    return bytes;
  }

  #ofObject(fields: Record<string, unknown>, depth: number): number {
    let bytes = OBJECT_BYTES;
    let count = 0;
    for (const key in fields) {
      count += 1;
      bytes += this.#of(fields[key], depth + 1);
      if (this.#keys.has(key)) continue;
      bytes += NEW_KEY_BYTES;
      if (this.#keys.size < MAX_KNOWN_KEYS) this.#keys.add(key);
    }
    return bytes + SLOT_BYTES * Math.max(LEAST_FIELDS, count);
  }
}
