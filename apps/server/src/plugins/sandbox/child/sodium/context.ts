import type { Contributes } from '@sodium/sdk/manifest';
import type { LogSink } from '../log-sink.js';
import type { PanelCalls } from '../panel-calls.js';
import type { GrantedPermissions } from './permissions.js';

/** What the parts of the `sodium` object share. */
export interface SodiumContext {
  meta: { id: string; name: string; version: string; sodium: string };
  permissions: GrantedPermissions;
  declaredHooks: readonly string[];
  calls: PanelCalls;
  log: LogSink;
  registered: Registered;
}

/** What the plugin has registered so far. Sealed once its default export has returned. */
export interface Registered {
  sealed: boolean;
  collections: Set<string>;
  ui: Contributes;
}

/** Registrations made later would be unknown to the panel, which keeps them while no process runs. */
export function assertOpen(context: SodiumContext, call: string): void {
  if (context.registered.sealed)
    throw new Error(
      `${call} was called too late: register everything before the default export returns (or its promise resolves).`,
    );
}
