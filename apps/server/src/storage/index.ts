export type { Change, Collection, Document, StoreProblem } from './core-store-types.js';
export { CoreStore } from './core-store.js';
export { StoreUnavailableError, StoreWriteError } from './store-errors.js';
export { AuditLog, type AuditRecord } from './audit-log.js';
export { ConfigFile, openConfig } from './config-file.js';
export { SecretBox } from './secret-box.js';
