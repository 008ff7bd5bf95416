import type { Server } from '@sodium/contract';
import type { HookServer } from '@sodium/sdk';
import { HttpError, notFound } from '../../http-error.js';
import type { Collection } from '../../storage/index.js';
import type { Runtime } from './runtime.js';
import { toHookServer, toServer, type Actor, type ServerRecord } from './server-record.js';

/** Who may see which server. One that an actor may not see does not exist for that actor. */
export class ServerDirectory {
  constructor(
    readonly collection: Collection<ServerRecord>,
    readonly runtime: Pick<Runtime, 'state'>,
  ) {}

  list(actor: Actor | null): Server[] {
    return this.collection
      .all()
      .filter((record) => maySee(record, actor))
      .map((record) => this.toServer(record));
  }

  find(actor: Actor | null, id: string): Readonly<ServerRecord> | undefined {
    const record = this.collection.get(id);
    return record && maySee(record, actor) ? record : undefined;
  }

  require(actor: Actor | null, id: string): Readonly<ServerRecord> {
    const record = this.find(actor, id);
    if (!record) throw notFound('server', id);
    return record;
  }

  toServer(record: Readonly<ServerRecord>): Server {
    return toServer(record, this.runtime.state(record.id));
  }

  toHookServer(record: Readonly<ServerRecord>): HookServer {
    return toHookServer(record, this.runtime.state(record.id));
  }
}

function maySee(record: Readonly<ServerRecord>, actor: Actor | null): boolean {
  return actor === null || actor.role === 'admin' || record.owner === actor.id;
}

export function requireAdmin(actor: Actor | null, what: string): void {
  if (actor !== null && actor.role !== 'admin')
    throw new HttpError(403, 'ADMIN_REQUIRED', `Only an admin may ${what}.`);
}
