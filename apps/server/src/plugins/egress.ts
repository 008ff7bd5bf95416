import type { EgressEntry } from '@sodium/contract';
import type { SettingSpecs } from '@sodium/sdk/manifest';
import type { PluginManager } from './manager.js';
import type { FetchLog } from './sandbox/fetch/fetch-broker.js';

const KEPT = 200;

/** Where plugins may send, and where they did. */
export class Egress {
  private readonly sent = new Map<string, EgressEntry[]>();

  constructor(private readonly manager: () => PluginManager) {}

  /** The manifest's hosts, and those of the addresses that an admin typed into the settings. */
  readonly allowedHosts = (plugin: string): readonly string[] => {
    const running = this.manager().running(plugin);
    if (!running) return [];
    const { network, settings } = running.manifest;
    const values = this.manager().deps.settings.typedValues(plugin, settings);
    return [...(network?.hosts ?? []), ...hostsIn(settings, values)];
  };

  readonly note = (entry: FetchLog): void => {
    const list = this.sent.get(entry.plugin) ?? [];
    list.push({ ...entry, at: new Date().toISOString() });
    this.sent.set(entry.plugin, list.slice(-KEPT));
  };

  /** Newest first. */
  list(plugin: string): readonly EgressEntry[] {
    return [...(this.sent.get(plugin) ?? [])].reverse();
  }

  /** The plugin is gone. */
  forget(plugin: string): void {
    this.sent.delete(plugin);
  }
}

/** The hosts of the addresses among the values of settings. */
export function hostsIn(specs: SettingSpecs, values: Record<string, unknown>): string[] {
  const textual = Object.keys(specs).filter((key) => ['url', 'string'].includes(specs[key]!.type));
  return textual.flatMap((key) => {
    const value = values[key];
    if (typeof value !== 'string' || !/^https?:\/\//i.test(value) || !URL.canParse(value)) return [];
    return [new URL(value).host];
  });
}
