export * from './contributes.js';
export * from './json-schema.js';
export * from './parse.js';
export * from './schema.js';
export * from './settings.js';
export * from './signature.js';
