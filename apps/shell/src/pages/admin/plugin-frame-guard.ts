const WINDOW_MS = 5_000;
/** Far more than a tab needs that resizes while it is being typed into. */
const MOST_MESSAGES = 500;

/** What a frame may ask of the page, and how often. Beyond that it is ignored; far beyond, the frame goes. */
const LIMITS = {
  toast: { most: 5, perMs: 10_000 },
  report: { most: 10, perMs: 60_000 },
  navigate: { most: 2, perMs: 2_000 },
  confirm: { most: 3, perMs: 10_000 },
  tabs: { most: 20, perMs: 10_000 },
} as const;
type Limited = keyof typeof LIMITS;

/** Counts what one frame sends. */
export class FrameGuard {
  #since = 0;
  #count = 0;
  readonly #recent = new Map<Limited, number[]>();

  constructor(readonly now: () => number = () => performance.now()) {}

  /** Counts a message. False: it is a flood, no tab behaves so. */
  admit(): boolean {
    const now = this.now();
    if (now - this.#since > WINDOW_MS) {
      this.#since = now;
      this.#count = 0;
    }
    this.#count += 1;
    return this.#count <= MOST_MESSAGES;
  }

  allows(type: string): boolean {
    if (!(type in LIMITS)) return true;
    const kind = type as Limited;
    const { most, perMs } = LIMITS[kind];
    const now = this.now();
    const recent = (this.#recent.get(kind) ?? []).filter((at) => at > now - perMs);
    this.#recent.set(kind, recent);
    return recent.length < most && recent.push(now) > 0;
  }
}
