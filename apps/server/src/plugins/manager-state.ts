import type { RunningPlugin } from './running-plugin.js';
import type { Dispose } from './hooks/hook-bus.js';

/** What the panel does with one plugin now. `invalid` is not among them: it is a property of the folder. */
export type ManagedState =
  | { kind: 'inactive' }
  | { kind: 'activating' }
  /** Running work ends; nothing new is taken on. */
  | { kind: 'stopping' }
  | { kind: 'active'; running: RunningPlugin }
  | { kind: 'quarantined'; running: RunningPlugin; reason: string }
  /** Wanted, or asked for just now, but not running. `absence` keeps its vetoes standing. */
  | { kind: 'failed'; reason: string; fix: string; absence: Dispose | null };

/** The plugin at work, if there is one. */
export function runningOf(state: ManagedState | undefined): RunningPlugin | null {
  return state?.kind === 'active' || state?.kind === 'quarantined' ? state.running : null;
}
