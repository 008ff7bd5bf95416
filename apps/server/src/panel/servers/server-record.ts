import { limitsSchema, serverSchema, type Role, type Server, type ServerState } from '@sodium/contract';
import type { HookServer } from '@sodium/sdk';
import { z } from 'zod';

/** Who asks. The panel itself asks as `null`. */
export interface Actor {
  id: string;
  username: string;
  role: Role;
}

/** An actor as hooks name them. */
export const hookUser = ({ id, username, role }: Actor): Actor => ({ id, username, role });

/** A server as it is kept on disk. What it is doing is not kept: after a start of the panel it does nothing yet. */
export const serverRecordSchema = z.object({
  id: z.string(),
  /** Never given twice; names the OS user. */
  number: z.int().min(1),
  name: z.string(),
  template: z.string(),
  owner: z.string(),
  suspended: z.boolean(),
  suspendReason: z.string().optional(),
  limits: limitsSchema,
  variables: z.record(z.string(), z.string()),
  port: z.int(),
  installed: z.boolean(),
  /** What was last asked for: a start of the panel brings back what was to run. */
  desired: z.enum(['running', 'stopped']),
  lastExit: serverSchema.shape.lastExit,
  createdAt: z.string(),
});
export type ServerRecord = z.infer<typeof serverRecordSchema>;

export function toServer(record: Readonly<ServerRecord>, state: ServerState): Server {
  const { id, name, template, owner, suspended, suspendReason, limits, variables, createdAt, lastExit } = record;
  return {
    id,
    name,
    template,
    owner,
    state,
    suspended,
    ...(suspendReason !== undefined ? { suspendReason } : {}),
    limits: { ...limits },
    variables: { ...variables, PORT: String(record.port) },
    createdAt,
    ...(lastExit ? { lastExit: { ...lastExit } } : {}),
  };
}

export function toHookServer(record: Readonly<ServerRecord>, state: ServerState): HookServer {
  const { id, name, template, owner, suspended, limits, variables, createdAt } = toServer(record, state);
  return {
    id,
    name,
    template,
    owner,
    state,
    suspended,
    limits: { ...limits } as Record<string, number>,
    variables,
    createdAt,
  };
}
