/** One line of a plugin's log, `GET /api/admin/plugins/:id/logs`. */
export interface PluginLogLine {
  /** Grows by one with each line of this plugin, until the panel is started anew. */
  seq: number;
  /** Milliseconds since 1970. */
  at: number;
  level: 'debug' | 'info' | 'warn' | 'error';
  /** `panel`: said by the panel about the plugin. */
  source: 'plugin' | 'panel';
  text: string;
}

/** What a plugin cost and how it answered in the `ms` milliseconds before `at`. There is none while it was idle. */
export interface PluginPoint {
  /** Milliseconds since 1970. */
  at: number;
  ms: number;
  /** Per cent of one processor. */
  cpu: number;
  memoryBytes: number;
  calls: number;
  errors: number;
  /** Of the latest calls of that time; 0 when there were none. */
  p50Ms: number;
  p99Ms: number;
}

/** A request that a plugin sent, or tried to. Never the path: addresses of webhooks are secrets. */
export interface EgressEntry {
  at: string;
  plugin: string;
  method: string;
  host: string;
  /** Null: no answer came. */
  status: number | null;
  ms: number;
  sentBytes: number;
  receivedBytes: number;
  /** The panel did not let it out. */
  refused: boolean;
  error?: string;
}

/** What a plugin's documents take, `GET /api/admin/plugins/:id/data`. */
export interface PluginData {
  /** Everything on disk. */
  bytes: number;
  /** What they may take as JSON. */
  quotaBytes: number;
  /** `documents` is there when it was asked for and could be counted. */
  collections: { name: string; bytes: number; documents?: number }[];
  /** Changes that are not in the collections' files yet. */
  journalBytes: number;
  /** What earlier versions left, for a rollback. */
  backupBytes: number;
}

/** How one plugin did in the last minutes, `GET /api/admin/operations`. */
export interface PluginLoad {
  id: string;
  name: string;
  version: string;
  state: string;
  reason?: string;
  calls: number;
  errors: number;
  /** The worst of these minutes. */
  p99Ms: number;
  /** Per cent of one processor, on average. */
  cpu: number;
  memoryBytes: number;
}

export interface Operations {
  /** Why no plugin runs, or null. */
  suspended: string | null;
  /** The time that `plugins` is about. */
  minutes: number;
  /** Those that failed or are quarantined first, then the slowest. */
  plugins: PluginLoad[];
}

/** What a plugin that is gone has left, `GET /api/admin/plugin-data`. */
export interface LeftOverData {
  id: string;
  bytes: number;
  collections: { name: string; bytes: number }[];
  backupBytes: number;
  /** Settings that are kept with it. */
  settings: number;
  /** When something of it was last written. */
  changedAt: string | null;
}
