export * from './contributes.js';
export * from './parse.js';
export * from './schema.js';
export * from './settings.js';
