export * from './accounts.js';
export * from './errors.js';
export * from './live.js';
export * from './plugins.js';
export * from './preferences.js';
export * from './preview.js';
export * from './servers.js';
export * from './operations.js';
