export * from './shared-modules.js';
