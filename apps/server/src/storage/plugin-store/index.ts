export type { CompactionStep } from './compaction.js';
export { PluginStore, type PluginStoreOptions, type StoreLocation } from './plugin-store.js';
export { ScratchJournal } from './scratch-journal.js';
