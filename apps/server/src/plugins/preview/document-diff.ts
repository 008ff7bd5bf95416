import { Buffer } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';
import type { PreviewDocument, PreviewReport } from '@sodium/contract';
import { ScratchJournal } from '../../storage/plugin-store/index.js';
import { decodeLine } from '../sandbox/child/db/journal-line.js';
import { readDocuments, type DocumentName } from './base-documents.js';
import { boundedValue } from './bounded-value.js';

const JOURNAL_BYTES = 16 * 1024 * 1024;
/** Beyond this many documents, only those that were written first are counted. */
const MAX_TRACKED = 20_000;
const SHOWN = 100;
const SLICE_BYTES = 256 * 1024;
const NEWLINE = 10;

interface Touched extends DocumentName {
  /** The first thing done to it tells: only what is not there is inserted. */
  existed: boolean;
  exists: boolean;
  after: unknown;
  /** Undefined: not looked up yet. */
  before: unknown;
}

/** What a plugin in preview wrote, beside what is really stored. Its journal is read here, in slices, and nowhere applied. */
export class DocumentDiff {
  readonly journal: ScratchJournal;
  readonly #touched = new Map<string, Touched>();
  #seen = 0;
  #reading: Promise<void> = Promise.resolve();

  constructor(
    /** Of the real collections; null where nothing of them is shown. */
    private readonly directory: string | null,
    onChange: () => void,
  ) {
    this.journal = new ScratchJournal(JOURNAL_BYTES, onChange);
  }

  async report(): Promise<Omit<PreviewReport['documents'], 'collections'>> {
    await (this.#reading = this.#reading.then(() => this.#catchUp()));
    const counts = { added: 0, changed: 0, removed: 0 };
    const shown: Touched[] = [];
    for (const entry of this.#touched.values()) {
      const change = changeOf(entry);
      if (!change) continue;
      counts[change] += 1;
      if (shown.length < SHOWN) shown.push(entry);
    }
    await this.#lookUp(shown);
    return { counts, items: shown.map(rowOf) };
  }

  async #catchUp(): Promise<void> {
    let slice = 0;
    for (const { chunks } = this.journal; this.#seen < chunks.length; this.#seen++) {
      const chunk = chunks[this.#seen]!;
      this.#lines(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
      slice += chunk.length;
      if (slice < SLICE_BYTES) continue;
      slice = 0;
      await setImmediate();
    }
  }

  #lines(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const operations: unknown = decodeLine(chunk.subarray(start, end));
      if (Array.isArray(operations)) for (const operation of operations) this.#note(operation);
      start = end + 1;
    }
  }

  /** The child may not be itself any more: whatever the line holds is looked at before it is used. */
  #note(operation: unknown): void {
    const [kind, collection, value] = Array.isArray(operation) ? (operation as unknown[]) : [];
    const document = kind === 'd' ? null : value;
    const id = kind === 'd' ? value : (value as { id?: unknown } | null)?.id;
    if (typeof collection !== 'string' || typeof id !== 'string' || collection.length > 64 || id.length > 1024) return;
    const key = `${collection}\0${id}`;
    const known = this.#touched.get(key);
    if (!known && this.#touched.size >= MAX_TRACKED) return;
    const existed = known?.existed ?? kind !== 'i';
    // What cannot be shown need not be kept.
    const after = document === null || (!known && this.#touched.size >= SHOWN * 4) ? null : boundedValue(document);
    this.#touched.set(key, { collection, id, existed, exists: document !== null, after, before: known?.before });
  }

  async #lookUp(shown: readonly Touched[]): Promise<void> {
    const wanted = shown.filter(({ existed, before }) => existed && before === undefined);
    if (wanted.length === 0) return;
    const found = this.directory === null ? [] : await readDocuments(this.directory, wanted);
    wanted.forEach((entry, index) => (entry.before = boundedValue(found[index] ?? null)));
  }
}

function changeOf({ existed, exists }: Touched): PreviewDocument['change'] | null {
  if (existed) return exists ? 'changed' : 'removed';
  return exists ? 'added' : null;
}

function rowOf(entry: Touched): PreviewDocument {
  const { collection, id, after, before } = entry;
  return { collection, id, change: changeOf(entry)!, before: before ?? null, after: entry.exists ? after : null };
}
