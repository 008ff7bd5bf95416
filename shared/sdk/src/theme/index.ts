export * from './contrast-pairs.js';
export * from './parts.js';
export * from './tokens.js';
