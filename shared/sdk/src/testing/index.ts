export * from './mount-types.js';
export * from './plugin-source.js';
export * from './test-plugin.js';
export * from './test-plugin-types.js';
