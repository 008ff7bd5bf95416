import type { Dispose } from './hooks/hook-bus.js';
import { LogRing } from './log-ring.js';
import { runningOf, type ManagedState } from './manager-state.js';
import type { RunningPlugin } from './running-plugin.js';

/** What the panel does with each plugin now, what each has said, and who wants to know of changes. */
export class PluginStates {
  private readonly states = new Map<string, ManagedState>();
  private readonly logs = new Map<string, LogRing>();
  private readonly listeners = new Set<() => void>();
  /** What browsers go on showing while another content takes its place. */
  private readonly held = new Map<string, RunningPlugin>();

  get ids(): string[] {
    return [...this.states.keys()];
  }

  has(id: string): boolean {
    return this.states.has(id);
  }

  get(id: string): ManagedState {
    return this.states.get(id) ?? { kind: 'inactive' };
  }

  running(id: string): RunningPlugin | null {
    return runningOf(this.states.get(id));
  }

  /** In the order in which they were activated. */
  allRunning(): RunningPlugin[] {
    return inOrder([...this.states.values()].map(runningOf));
  }

  /** What browsers are to see of it, which may be a moment longer than it runs. */
  shown(id: string): RunningPlugin | null {
    return this.running(id) ?? this.held.get(id) ?? null;
  }

  /** In the order in which they were activated. */
  allShown(): RunningPlugin[] {
    const ids = new Set([...this.states.keys(), ...this.held.keys()]);
    return inOrder([...ids].map((id) => this.shown(id)));
  }

  /** Leaves browsers what they show of a plugin, until it runs again or the returned function is called. */
  hold(id: string): Dispose {
    const running = this.running(id);
    if (running) this.held.set(id, running);
    return () => {
      if (this.held.delete(id)) this.changed();
    };
  }

  set(id: string, state: ManagedState): void {
    if (state.kind === 'inactive') this.states.delete(id);
    else this.states.set(id, state);
    this.changed();
  }

  /** Leaves without a word: whoever calls says what comes next. */
  clear(id: string): void {
    this.states.delete(id);
  }

  logOf(id: string): LogRing {
    let ring = this.logs.get(id);
    if (!ring) this.logs.set(id, (ring = new LogRing()));
    return ring;
  }

  forget(id: string): void {
    this.states.delete(id);
    this.logs.delete(id);
    this.changed();
  }

  /** Called whenever what runs, or the state of anything, has changed. Returns the end of the subscription. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  changed(): void {
    for (const listener of this.listeners) listener();
  }
}

const inOrder = (plugins: readonly (RunningPlugin | null)[]): RunningPlugin[] =>
  plugins.filter((plugin) => plugin !== null).sort((a, b) => a.order - b.order);
