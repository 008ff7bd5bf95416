export * from './cron-shape.js';
export * from './setting-problems.js';
