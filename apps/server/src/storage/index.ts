export type { Change, Collection, CoreStoreOptions, Document, StoreProblem } from './core-store-types.js';
export { CoreStore } from './core-store.js';
export { StoreUnavailableError, StoreWriteError } from './store-errors.js';
