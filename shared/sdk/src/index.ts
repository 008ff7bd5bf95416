export * from './client-api.js';
export * from './hooks.js';
export * from './permissions.js';
export * from './server-api.js';
