import type { Problem } from '../problems/problem.js';

/** What happens while `sodium dev` runs. The terminal, the overlay in the browser and tools all hear the same. */
export type DevEvent =
  | { readonly event: 'ready'; readonly url: string; readonly login: string; readonly plugin: string }
  | { readonly event: 'updated'; readonly version: string; readonly hash: string; readonly ms: number }
  | { readonly event: 'failed'; readonly problems: readonly Problem[]; readonly kept: boolean }
  /** In the browser, while it runs. */
  | { readonly event: 'threw'; readonly problems: readonly Problem[] };

export type DevListener = (event: DevEvent) => void;
