import type { ServerExit } from '../runtime.js';
import type { ServerProcess } from './server-process.js';

export interface Installing {
  kind: 'installing';
  process: ServerProcess | null;
  cancelled: boolean;
}

/** What a server is doing, and only what is known while it does that. */
export type Phase =
  | { kind: 'offline'; exit?: ServerExit }
  | Installing
  /** `process` is null until the operating system has started it. */
  | { kind: 'starting'; process: ServerProcess | null; readyTimer: NodeJS.Timeout | null; endReason?: string }
  | { kind: 'running'; process: ServerProcess; endReason?: string }
  | { kind: 'stopping'; process: ServerProcess; killTimer: NodeJS.Timeout | null; endReason?: string };

export function processIn(phase: Phase): ServerProcess | null {
  return phase.kind === 'offline' ? null : phase.process;
}
