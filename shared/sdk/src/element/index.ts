export * from './base-styles.js';
export * from './sodium-element.js';
export * from './view-styles.js';
