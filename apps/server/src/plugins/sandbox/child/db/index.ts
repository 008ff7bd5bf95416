export { createDb, type PluginDb } from './create-db.js';
