import type { PreviewReport } from '@sodium/contract';
import type { Permission } from '@sodium/sdk';
import { LogRing } from '../log-ring.js';
import type { LogEntry } from '../sandbox/types.js';
import { boundedValue } from './bounded-value.js';

const LOG_LINES = 400;
const LOG_CHARACTERS = 4000;
const KEPT = 100;

/** What a plugin in preview did, as far as it is shown. All of it is bounded: a preview may run wild. */
export class PreviewActivity {
  readonly permissions = new Map<Permission, number>();
  readonly actions: PreviewReport['actions'] = [];
  readonly errors: PreviewReport['errors'] = [];
  readonly #logs = new LogRing(LOG_LINES);
  #actions = 0;

  constructor(private readonly onChange: () => void) {}

  used(permission: Permission): void {
    this.permissions.set(permission, (this.permissions.get(permission) ?? 0) + 1);
    this.onChange();
  }

  action(name: string, args: unknown): void {
    this.#actions += 1;
    keep(this.actions, { id: this.#actions, at: now(), name, args: boundedValue(args) });
    this.onChange();
  }

  log(entry: LogEntry): void {
    const text = entry.text.slice(0, LOG_CHARACTERS);
    this.#logs.add({ ...entry, text });
    if (entry.level === 'error') this.error('server', text);
    else this.onChange();
  }

  error(source: 'server' | 'client', text: string, where = placeIn(text)): void {
    keep(this.errors, { at: now(), source, message: text.slice(0, LOG_CHARACTERS), where });
    this.onChange();
  }

  logs(): PreviewReport['logs'] {
    return this.#logs.list().map((entry) => ({ ...entry, at: new Date(entry.at).toISOString() }));
  }
}

/** Newest first. */
function keep<T>(list: T[], entry: T): void {
  list.unshift(entry);
  if (list.length > KEPT) list.length = KEPT;
}

const now = (): string => new Date().toISOString();

/** The first place in the plugin's own code that a text names: `server.js:12:5`, or a file of its author's. */
export function placeIn(text: string): string | null {
  const framed = /plugin:[a-z0-9-]+\/([^\s()]+?:\d+(?::\d+)?)/.exec(text)?.[1];
  return framed ?? /\b((?:server|client)\.js:\d+(?::\d+)?)/.exec(text)?.[1] ?? null;
}
