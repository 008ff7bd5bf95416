export { closeAll, openLiveStoreFiles } from './load-stream.js';
export { PluginStore, type PluginStoreOptions } from './plugin-store.js';
export { ScratchJournal } from './scratch-journal.js';
