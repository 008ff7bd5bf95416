import type { ConsoleLine, ServerState, Usage } from '@sodium/contract';
import { Listeners, type Dispose } from '../../panel/listeners.js';
import type { Runtime, RuntimeEvent, ServerExit, ServerSpec } from '../../panel/servers/runtime.js';

const NO_USE: Usage = { cpu: 0, memoryBytes: 0, diskBytes: 0, uptimeMs: 0 };
const GOOD_END: ServerExit = { code: 0, signal: null, crashed: false };

/** Servers without processes: each is in the state that it was asked to be in, at once. */
export class MemoryRuntime implements Runtime {
  readonly isolation = { kind: 'none' as const, detail: 'Servers of a test have no processes.' };
  readonly #states = new Map<string, ServerState>();
  readonly #usage = new Map<string, Usage>();
  readonly #events = new Listeners<RuntimeEvent>();

  events(listener: (event: RuntimeEvent) => void): Dispose {
    return this.#events.add(listener);
  }

  /** Puts a server into a state without telling anybody. */
  place(id: string, state: ServerState): void {
    this.#states.set(id, state);
  }

  async create(): Promise<void> {}

  async install({ id }: ServerSpec): Promise<ServerExit> {
    this.#move(id, 'installing');
    this.#move(id, 'offline', GOOD_END);
    return GOOD_END;
  }

  async start({ id }: ServerSpec): Promise<void> {
    this.#move(id, 'starting');
    this.#move(id, 'running');
  }

  async stop(id: string): Promise<void> {
    if (this.state(id) === 'offline') return;
    this.#move(id, 'stopping');
    this.#move(id, 'offline', GOOD_END);
  }

  async kill(id: string): Promise<void> {
    if (this.state(id) === 'offline') return;
    this.#move(id, 'stopping');
    this.#move(id, 'offline', { code: null, signal: 'SIGKILL', crashed: false });
  }

  crash(id: string, code: number): void {
    this.#move(id, 'offline', { code, signal: null, crashed: true });
  }

  async delete(id: string): Promise<void> {
    this.#states.delete(id);
    this.#usage.delete(id);
  }

  report(id: string, usage: Partial<Usage>): void {
    const whole = { ...NO_USE, ...this.#usage.get(id), ...usage };
    this.#usage.set(id, whole);
    this.#events.emit({ type: 'usage', id, usage: whole });
  }

  command(): void {}

  attach(): ConsoleLine[] {
    return [];
  }

  state(id: string): ServerState {
    return this.#states.get(id) ?? 'offline';
  }

  async stats(id: string): Promise<Usage> {
    return this.#usage.get(id) ?? NO_USE;
  }

  say(): void {}

  async close(): Promise<void> {}

  #move(id: string, to: ServerState, exit?: ServerExit): void {
    const from = this.state(id);
    if (from === to) return;
    this.#states.set(id, to);
    this.#events.emit({ type: 'state', id, from, to, ...(exit && { exit }) });
  }
}
