import type { SystemStatus } from '@sodium/contract';

export type IsolationKind = SystemStatus['isolation']['kind'];

/** How a command is started so that it reaches nothing but its own folder. */
export interface Launch {
  command: string;
  args: string[];
  uid: number | null;
  gid: number | null;
  /** The process that is started is a wrapper around the server: signals are for its descendants. */
  wrapped: boolean;
}

/** One way to keep a server's processes away from the panel's files, from the panel itself and from other servers. */
export interface Isolation {
  readonly kind: IsolationKind;
  /** For the admin area: what is kept apart, and if nothing is, why. */
  readonly detail: string;
  /** The OS user for a server with this number, or null where servers share the panel's own. */
  uidFor(number: number): number | null;
  launch(argv: readonly string[], folder: string, uid: number | null): Launch;
}

export const noIsolation = (detail: string): Isolation => ({
  kind: 'none',
  detail,
  uidFor: () => null,
  launch: ([command = '', ...args]) => ({ command, args, uid: null, gid: null, wrapped: false }),
});
