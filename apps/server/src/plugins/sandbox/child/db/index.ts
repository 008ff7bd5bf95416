export type { CompactionOutcome } from './compactor.js';
export { createDb, type DbStats, type PluginDb } from './create-db.js';
export { DB_ERRORS } from './db-errors.js';
