import type { ConsoleLine, Server, ServerState, UsagePoint } from '@sodium/contract';

/** What others in the panel learn of servers. `owner` tells who may hear of it. */
export type ServerEvent =
  | { type: 'created'; owner: string; server: Server }
  | { type: 'deleted'; owner: string; id: string }
  /** Its state, or what is written about it, changed. */
  | { type: 'changed'; owner: string; id: string; state: ServerState; server: Server }
  | { type: 'console'; id: string; line: ConsoleLine }
  | { type: 'usage'; owner: string; id: string; usage: UsagePoint };
