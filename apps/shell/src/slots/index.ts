export { watchWindowErrors } from './boundary.js';
export { ContributionConflict, ContributionStore } from './contribution-store.js';
export { DeadlineError, PLUGIN_DEADLINE_MS, withDeadline } from './deadline.js';
export { arrangeSidebar, type Positioned } from './sidebar-order.js';
export { SodiumContribution } from './sodium-contribution.js';
export type * from './types.js';
