import type { ConsoleLine, ServerLimits, ServerState, SystemStatus, Usage } from '@sodium/contract';
import type { Dispose } from '../listeners.js';

/** How a server is asked to end. What is left after the grace is killed. */
export type StopProcedure =
  | { type: 'command'; command: string; graceSeconds: number }
  | { type: 'signal'; signal: 'SIGINT' | 'SIGTERM' | 'SIGQUIT' | 'SIGHUP'; graceSeconds: number };

/** Everything a runtime needs to know to hold one server. Plain data, so that it can travel to another machine. */
export interface ServerSpec {
  id: string;
  /** Names the OS user, container or address of the server within its runtime. */
  number: number;
  files: Record<string, string>;
  install: readonly (readonly string[])[];
  start: readonly string[];
  env: Record<string, string>;
  ready: { pattern: string; timeoutSeconds: number } | null;
  stop: StopProcedure;
  limits: ServerLimits;
}

export interface ServerExit {
  code: number | null;
  signal: string | null;
  /** It ended by itself and not in good order, or it was ended for breaking a limit. */
  crashed: boolean;
  message?: string;
}

export type RuntimeEvent =
  | { type: 'state'; id: string; from: ServerState; to: ServerState; exit?: ServerExit }
  | { type: 'console'; id: string; line: ConsoleLine }
  | { type: 'usage'; id: string; usage: Usage };

/** Where servers live: processes of this machine today. Every method but `command` may take as long as a process takes. */
export interface Runtime {
  /** How servers are kept apart here. */
  readonly isolation: SystemStatus['isolation'];
  /** Makes the folder with the starter files. */
  create(spec: ServerSpec): Promise<void>;
  /** Runs the install commands; resolves with their exit, rejects when there is something else running. */
  install(spec: ServerSpec): Promise<ServerExit>;
  /** Resolves when the process runs; whether it is ready is told by an event. */
  start(spec: ServerSpec): Promise<void>;
  /** Begins the stop procedure; resolves when everything has ended. */
  stop(id: string): Promise<void>;
  kill(id: string): Promise<void>;
  /** Ends the server and removes its folder. */
  delete(id: string): Promise<void>;
  /** Writes one line to the server's input. */
  command(id: string, command: string): void;
  /** The kept console lines after `seq`. New ones are told by events. */
  attach(id: string, after?: number): ConsoleLine[];
  state(id: string): ServerState;
  stats(id: string): Promise<Usage>;
  /** Says something in a server's console, in the panel's name. */
  say(id: string, text: string): void;
  /** Stops every server by its own procedure, at most for `graceMs`, then kills what is left. */
  close(graceMs?: number): Promise<void>;
  events(listener: (event: RuntimeEvent) => void): Dispose;
}
