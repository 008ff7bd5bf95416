export { ContributionStore } from './contribution-store.js';
export { arrangeSidebar } from './sidebar-order.js';
export { SodiumContribution } from './sodium-contribution.js';
export type * from './types.js';
