import { Buffer } from 'node:buffer';
import { jsonFault } from '../../../../storage/json-fault.js';
import type { LoadedFile } from '../../../../storage/plugin-store/store-frames.js';
import type { Rows, StoredDocument } from './collection.js';
import { StoreCorruptError } from './db-errors.js';
import { decodeLine, type JournalOperation } from './journal-line.js';
import type { HeapEstimate } from './heap-estimate.js';

const NEWLINE = 10;

interface Current {
  file: LoadedFile;
  /** The bytes of a line whose end has not come yet. */
  rest: Buffer[];
  line: number;
  /** Of a journal: the first bad line. Fine at the end, where a crash tore it; corruption anywhere else. */
  badLine: number | null;
  /** Of a snapshot: what kind of line comes next. */
  expect: 'open' | 'document' | 'end' | 'whole';
}

/** Puts snapshots and journals back together, line by line, as they arrive. */
export class StoreLoader {
  readonly collections = new Map<string, Rows>();
  /** Collections that the journals touch: their snapshots are behind. */
  readonly dirty = new Set<string>();
  position = 0;
  #current: Current | null = null;

  constructor(private readonly estimate: HeapEstimate) {}

  start(file: LoadedFile): void {
    this.end();
    this.#current = { file, rest: [], line: 0, badLine: null, expect: 'open' };
    if (file.kind === 'snapshot') this.#rows(file.collection!);
  }

  chunk(bytes: Buffer): void {
    const current = this.#current;
    if (!current) return;
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      this.#line(current, takeLine(current, bytes.subarray(start, end)));
      start = end + 1;
    }
    // A copy: the chunk is large, its rest is small.
    if (start < bytes.length) current.rest.push(Buffer.from(bytes.subarray(start)));
  }

  end(): void {
    const current = this.#current;
    this.#current = null;
    if (!current || current.file.kind === 'journal') return;
    if (current.rest.length > 0) this.#line(current, takeLine(current, Buffer.alloc(0)));
    if (current.expect === 'whole') this.#whole(current);
    else if (current.expect !== 'end') throw this.#corrupt(current, 'the file ends before its documents do');
  }

  #line(current: Current, line: Buffer): void {
    if (current.expect === 'whole') {
      current.rest.push(line, Buffer.from([NEWLINE]));
      return;
    }
    current.line += 1;
    if (current.file.kind === 'journal') this.#journalLine(current, line);
    else this.#snapshotLine(current, line);
  }

  #journalLine(current: Current, line: Buffer): void {
    const operations = decodeLine(line);
    if (!operations) {
      current.badLine ??= current.line;
      return;
    }
    if (current.badLine !== null) {
      current.line = current.badLine;
      throw this.#corrupt(current, 'its checksum does not fit, and intact lines follow it');
    }
    for (const operation of operations) this.#apply(operation);
  }

  #apply([kind, collection, value]: JournalOperation): void {
    const rows = this.#rows(collection);
    this.dirty.add(collection);
    if (kind === 'd') {
      rows.delete(value);
      return;
    }
    if (kind === 'i') rows.delete(value.id);
    this.#put(rows, value as StoredDocument);
  }

  /** One document a line, as a compaction writes it; anything else is read as a whole, as a person may have left it. */
  #snapshotLine(current: Current, line: Buffer): void {
    const text = line.toString('utf8').trim();
    if (current.expect === 'end') {
      if (text !== '') throw this.#corrupt(current, 'something follows the end of the list');
    } else if (current.expect === 'open' && text === '[]') current.expect = 'end';
    else if (current.expect === 'open' && text === '[') current.expect = 'document';
    else if (current.expect === 'document' && text === ']') current.expect = 'end';
    else if (current.expect === 'document' && text.startsWith('{') && (text.endsWith('}') || text.endsWith('},'))) {
      this.#snapshotDocument(current, line, text.endsWith(',') ? text.slice(0, -1) : text);
    } else this.#readAsWhole(current, line);
  }

  #snapshotDocument(current: Current, line: Buffer, text: string): void {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw this.#corrupt(current, jsonFault(error));
    }
    this.#document(current, value, line.length);
  }

  /** Only at its first lines can a file show that it has another layout; later it is damage. */
  #readAsWhole(current: Current, line: Buffer): void {
    const first = this.#rows(current.file.collection!).size === 0;
    if (!first) throw this.#corrupt(current, 'no whole document stands there');
    const opened = current.expect === 'document' ? [Buffer.from('[\n')] : [];
    current.expect = 'whole';
    current.rest = [...opened, line, Buffer.from([NEWLINE])];
  }

  #whole(current: Current): void {
    let values: unknown;
    try {
      values = JSON.parse(Buffer.concat(current.rest).toString('utf8'));
    } catch (error) {
      throw this.#corrupt(current, jsonFault(error));
    }
    if (!Array.isArray(values)) throw this.#corrupt(current, 'expected a list of documents');
    for (const value of values) this.#document(current, value);
  }

  #document(current: Current, value: unknown, bytes?: number): void {
    const document = value as StoredDocument | null;
    if (typeof document !== 'object' || document === null || typeof document.id !== 'string') {
      throw this.#corrupt(current, 'expected a document with an "id" of text');
    }
    this.#put(this.#rows(current.file.collection!), document, bytes);
  }

  #put(rows: Rows, document: StoredDocument, bytes?: number): void {
    const position = rows.get(document.id)?.position ?? ++this.position;
    const size = bytes ?? Buffer.byteLength(JSON.stringify(document));
    rows.set(document.id, { document, position, bytes: size, weight: this.estimate.ofDocument(document) });
  }

  #rows(collection: string): Rows {
    let rows = this.collections.get(collection);
    if (!rows) this.collections.set(collection, (rows = new Map()));
    return rows;
  }

  #corrupt(current: Current, found: string): StoreCorruptError {
    return new StoreCorruptError(current.file.label, current.line, found);
  }
}

function takeLine(current: Current, tail: Buffer): Buffer {
  if (current.expect === 'whole' || current.rest.length === 0) return tail;
  const line = Buffer.concat([...current.rest, tail]);
  current.rest = [];
  return line;
}
