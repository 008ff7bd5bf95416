import { randomBytes } from 'node:crypto';

/** `admin-tab`: an active plugin's tabs in the admin area. `preview`: a plugin that is being tried. */
export type FrameKind = 'admin-tab' | 'preview';

export interface FrameViewer {
  readonly id: string;
  readonly username: string;
  readonly role: 'admin' | 'user';
}

/** What the holder of a token may see: the files and routes of one content of one plugin, as one session. */
export interface FrameGrant {
  readonly kind: FrameKind;
  readonly plugin: string;
  /** The content the frame was opened for: another version needs another frame, unless its preview reloads. */
  readonly hash: string;
  readonly session: string;
}

export interface OpenFrame extends FrameGrant {
  readonly token: string;
  readonly expiresAt: number;
  readonly viewer: FrameViewer;
}

export interface FrameTokensOptions {
  /** Who is behind a session now; null when it has ended or may not open frames any more. */
  viewerOf(session: string): FrameViewer | null;
  /** Whether that content of the plugin still is what the grant was given for. */
  isCurrent(grant: FrameGrant): boolean;
  /** When a grant ends whose lifetime is not the token's; undefined for the others. */
  expiryOf?(grant: FrameGrant): number | undefined;
  now?: () => number;
}

/** Long enough for a tab in the background, whose timers browsers slow down to one a minute. */
const LIFETIME_MS = 5 * 60_000;
/** One session has a few tabs open, not hundreds. */
const MOST_PER_SESSION = 20;

interface Entry {
  grant: FrameGrant;
  expiresAt: number;
}

/**
 * The tokens that stand in the addresses of frames. A frame has no cookie, so its address is all that it is known by:
 * unguessable, short-lived, prolonged while its parent is open, and worthless once session or plugin have ended.
 */
export class FrameTokens {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;

  constructor(private readonly options: FrameTokensOptions) {
    this.#now = options.now ?? Date.now;
  }

  issue(grant: FrameGrant): { token: string; expiresAt: number } {
    this.#forgetExpired();
    this.#makeRoom(grant.session);
    const token = randomBytes(32).toString('base64url');
    const expiresAt = this.options.expiryOf?.(grant) ?? this.#now() + LIFETIME_MS;
    this.#entries.set(token, { grant, expiresAt });
    return { token, expiresAt };
  }

  /** What a token grants at this moment, or null. Everything it rests on is checked each time. */
  find(token: string): OpenFrame | null {
    const entry = this.#entries.get(token);
    if (!entry) return null;
    entry.expiresAt = this.options.expiryOf?.(entry.grant) ?? entry.expiresAt;
    const viewer = entry.expiresAt > this.#now() ? this.options.viewerOf(entry.grant.session) : null;
    if (viewer && this.options.isCurrent(entry.grant))
      return { ...entry.grant, token, expiresAt: entry.expiresAt, viewer };
    this.#entries.delete(token);
    return null;
  }

  /** Gives an open frame more time. Null when it has ended, or belongs to another session. */
  prolong(token: string, session: string): { expiresAt: number } | null {
    const entry = this.#entries.get(token);
    if (entry?.grant.session !== session || !this.find(token)) return null;
    entry.expiresAt = this.options.expiryOf?.(entry.grant) ?? this.#now() + LIFETIME_MS;
    return { expiresAt: entry.expiresAt };
  }

  /** Ends a frame of this session; of other sessions it ends none. */
  revoke(token: string, session: string): void {
    if (this.#entries.get(token)?.grant.session === session) this.#entries.delete(token);
  }

  revokeSession(session: string): void {
    this.#revokeWhere((grant) => grant.session === session);
  }

  revokePlugin(plugin: string, kind?: FrameKind): void {
    this.#revokeWhere((grant) => grant.plugin === plugin && (kind === undefined || grant.kind === kind));
  }

  #revokeWhere(matches: (grant: FrameGrant) => boolean): void {
    for (const [token, { grant }] of this.#entries) if (matches(grant)) this.#entries.delete(token);
  }

  #forgetExpired(): void {
    const now = this.#now();
    for (const [token, { expiresAt, grant }] of this.#entries)
      if ((this.options.expiryOf?.(grant) ?? expiresAt) <= now) this.#entries.delete(token);
  }

  #makeRoom(session: string): void {
    const mine = [...this.#entries].filter(([, { grant }]) => grant.session === session);
    for (const [token] of mine.slice(0, Math.max(0, mine.length - MOST_PER_SESSION + 1))) this.#entries.delete(token);
  }
}
