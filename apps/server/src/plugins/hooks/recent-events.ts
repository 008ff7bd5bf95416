import { readFile, stat } from 'node:fs/promises';
import { HOOK_NAMES, type HookName } from '@sodium/sdk';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { HookData } from '../hooks-port.js';
import { replaceFile } from '../../storage/durable-file.js';
import { KEPT_EVENTS, type EventHistory, type RecordedEvent } from './event-history.js';

export interface RecentEventsParts {
  file: string;
  history: EventHistory;
  /** An event without what nobody should find on disk. */
  strip<E extends HookName>(event: E, context: HookData<E>): HookData<E>;
  logger: Pick<Logger, 'warn'>;
}

const SAVE_MS = 5 * 60_000;
const MAX_EVENT_CHARACTERS = 16_000;
const MAX_BYTES = 2 * HOOK_NAMES.length * KEPT_EVENTS * MAX_EVENT_CHARACTERS;

const recordedSchema = z.object({ at: z.number(), context: z.record(z.string(), z.unknown()) });
const fileSchema = z.object({
  version: z.literal(1),
  events: z.record(z.string(), z.array(recordedSchema).max(KEPT_EVENTS)),
});

/**
 * Brings the last events over a restart, so that a preview has real ones to replay from the start. Events pass at a rate
 * at which no disk could follow: the file is written now and then, and at the end. It is worth nothing more than that, so
 * one that cannot be read is left for the next one to replace, and nobody has to mend it.
 */
export class RecentEvents {
  #saved = 0;
  #saving: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;

  constructor(private readonly parts: RecentEventsParts) {}

  async open(): Promise<void> {
    const { history } = this.parts;
    const events = await this.#read();
    for (const name of HOOK_NAMES) {
      // Written by this panel, in the shape it was noted in.
      if (events[name]) history.restore(name, events[name] as unknown as RecordedEvent[]);
    }
    this.#saved = history.noted;
    this.#timer ??= setInterval(() => void this.save(), SAVE_MS).unref();
  }

  /** Writes what is new since the last time. Never rejects: nothing waits for this but the next preview. */
  save(): Promise<void> {
    this.#saving = this.#saving.then(() => this.#save());
    return this.#saving;
  }

  async close(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    await this.save();
  }

  async #save(): Promise<void> {
    const { file, history, logger } = this.parts;
    const { noted } = history;
    if (noted === this.#saved) return;
    try {
      await replaceFile(file, `${JSON.stringify({ version: 1, events: this.#events() })}\n`);
      this.#saved = noted;
    } catch (error) {
      logger.warn({ err: error }, 'the last events could not be kept for previews');
    }
  }

  #events(): Record<string, RecordedEvent[]> {
    const { history } = this.parts;
    const lists = HOOK_NAMES.map(
      (name) => [name, history.list(name).flatMap((each) => this.#kept(name, each))] as const,
    );
    return Object.fromEntries(lists.filter(([, events]) => events.length > 0));
  }

  #kept(name: HookName, { at, context }: RecordedEvent): RecordedEvent[] {
    const kept = { at, context: this.parts.strip(name, context) };
    return JSON.stringify(kept).length > MAX_EVENT_CHARACTERS ? [] : [kept];
  }

  async #read(): Promise<z.infer<typeof fileSchema>['events']> {
    const { file, logger } = this.parts;
    try {
      if ((await stat(file)).size > MAX_BYTES) throw new Error('The file is larger than the panel writes it.');
      return fileSchema.parse(JSON.parse(await readFile(file, 'utf8'))).events;
    } catch (error) {
      // The fault alone: a parser's message may quote what is in the file.
      const { code, name } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT')
        logger.warn({ file, fault: code ?? name }, 'the last events before the restart cannot be read');
      return {};
    }
  }
}
