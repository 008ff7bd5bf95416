import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type AuditEntry, auditEntrySchema } from '@sodium/contract';
import { type AuditFilter, auditMatcher } from './audit-filter.js';
import { AppendFile, type AppendIo, diskIo } from './append-file.js';
import { CommitQueue } from './commit-queue.js';
import { makePrivateDirectory, readIfPresent, syncDirectory } from './durable-file.js';
import { StoreWriteError } from './store-errors.js';

export interface AuditLogOptions {
  /** A file that has grown to this size becomes `<name>.1.jsonl`. */
  maxFileBytes?: number;
  /** How many of those are kept. */
  keepFiles?: number;
  io?: AppendIo;
}

export type AuditRecord = Omit<AuditEntry, 'id' | 'at'>;

export interface AuditQuery {
  limit?: number;
  /** The id of the last entry of the page before. */
  before?: string;
  filter?: AuditFilter;
}

const LOOKS_AT_A_TIME = 500;
const NEWLINE = Buffer.from('\n');

/** Who did what, one JSON line each, only ever appended. */
export class AuditLog {
  readonly #queue = new CommitQueue(() => this.#write());
  #waiting: Buffer[] = [];

  private constructor(
    private readonly file: string,
    private output: AppendFile,
    private lastId: number,
    private readonly options: Required<AuditLogOptions>,
  ) {}

  static async open(file: string, options: AuditLogOptions = {}): Promise<AuditLog> {
    const complete = { maxFileBytes: 10 * 1024 * 1024, keepFiles: 4, io: diskIo, ...options };
    await makePrivateDirectory(path.dirname(file));
    const output = await AppendFile.open(file, 'a', complete.io);
    const bytes = await readIfPresent(file);
    // A crash may have torn the last line: what follows starts on a line of its own.
    if (bytes?.length && bytes.at(-1) !== NEWLINE[0]) await output.append([NEWLINE]);
    const log = new AuditLog(file, output, 0, complete);
    const [newest] = await log.list({ limit: 1 });
    const lastId = Number(newest?.id ?? 0);
    // An id that a person changed: any number above all that came before will do.
    log.lastId = Number.isSafeInteger(lastId) ? lastId : Date.now();
    return log;
  }

  /** Resolves when the entry is on disk; rejects with `StoreWriteError` when it cannot be. */
  async append(record: AuditRecord): Promise<AuditEntry> {
    const entry: AuditEntry = { id: String(++this.lastId), at: new Date().toISOString(), ...record };
    const line = Buffer.from(`${JSON.stringify(entry)}\n`);
    this.#waiting.push(line);
    const forget = (): void => void (this.#waiting = this.#waiting.filter((waiting) => waiting !== line));
    await this.#queue.commit(forget, () => undefined);
    return entry;
  }

  /** The newest first; `before` is the id of the last entry of the page before. */
  async list({ limit = 50, before, filter = {} }: AuditQuery = {}): Promise<AuditEntry[]> {
    const limitId = before === undefined ? Infinity : Number(before);
    const matches = auditMatcher(filter);
    const found: AuditEntry[] = [];
    let looked = 0;
    for (let number = 0; number <= this.options.keepFiles && found.length < limit; number++) {
      const bytes = await readIfPresent(this.#name(number));
      if (bytes === null && number > 0) break;
      for (const entry of newestFirst(bytes ?? Buffer.alloc(0))) {
        if (Number(entry.id) < limitId && matches(entry)) found.push(entry);
        if (found.length === limit) break;
        // A filter may look at every entry there is: others have their turn in between.
        if (++looked % LOOKS_AT_A_TIME === 0) await setImmediate();
      }
    }
    return found;
  }

  async close(): Promise<void> {
    await this.#queue.close().finally(() => this.output.close());
  }

  async #write(): Promise<void> {
    const lines = this.#waiting;
    this.#waiting = [];
    try {
      if (this.output.length >= this.options.maxFileBytes) await this.#rotate();
      await this.output.append(lines);
    } catch (error) {
      throw new StoreWriteError(this.file, error);
    }
  }

  async #rotate(): Promise<void> {
    await rm(this.#name(this.options.keepFiles), { force: true });
    for (let number = this.options.keepFiles - 1; number >= 0; number--) {
      await rename(this.#name(number), this.#name(number + 1)).catch(ignoreMissing);
    }
    await syncDirectory(path.dirname(this.file));
    const old = this.output;
    this.output = await AppendFile.open(this.file, 'a', this.options.io);
    await old.close();
  }

  #name(number: number): string {
    return number === 0 ? this.file : this.file.replace(/(\.jsonl)?$/, `.${number}$1`);
  }
}

function* newestFirst(bytes: Buffer): Generator<AuditEntry> {
  let end = bytes.length;
  while (end > 0) {
    const start = bytes.lastIndexOf(NEWLINE[0]!, end - 1) + 1;
    const entry = parseEntry(bytes.toString('utf8', start, end));
    if (entry) yield entry;
    end = start - 1;
  }
}

/** Null for a line that a crash has torn. */
function parseEntry(line: string): AuditEntry | null {
  try {
    return auditEntrySchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
