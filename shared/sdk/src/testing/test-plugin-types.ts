/// <reference lib="esnext.disposable" />
import type { HookContexts, HookName, HookServer } from '../hooks.js';
import type { Permission } from '../permissions.js';
import type { Document, Query } from '../server-api.js';
import type { MountedContribution, MountOptions, MountPlace } from './mount-types.js';
import type { AnswerHandler, TestServer, TestUser } from './plugin-source.js';

/** How one call of a route is made. */
export interface CallOptions {
  /** The name of the caller; `null` for nobody. Default: the first user. */
  user?: string | null;
  /** Sent beside those that the call needs. */
  headers?: Readonly<Record<string, string>>;
}

/** What a route answered. */
export interface RouteAnswer {
  /** The HTTP status. */
  status: number;
  /** By their names in lower case. */
  headers: Record<string, string>;
  /** The parsed body when it is JSON, else the text; undefined when there is none. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test knows the shape of what it asks for
  body: any;
  /** The body as text. */
  text: string;
  /** The body as it came. */
  bytes: Uint8Array;
}

/** A request that the plugin made. */
export interface EgressEntry {
  /** In capitals, such as `POST`. */
  method: string;
  /** The whole address. */
  url: string;
  /** The host of the address, with its port if it names one. */
  host: string;
  /** By their names in lower case. */
  headers: Record<string, string>;
  /** The body as text. */
  body: string;
  /** The parsed body when it is JSON. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test knows the shape of what it sent
  json: any;
  /** Null when no answer came. */
  status: number | null;
  /** Why no answer came. */
  error?: string;
}

/** A line of the plugin's log. */
export interface PluginLogLine {
  /** How much it matters. */
  level: 'debug' | 'info' | 'warn' | 'error';
  /** `plugin`: through its logger or the console; `panel`: said about the plugin. */
  source: 'plugin' | 'panel';
  /** The line, without a time. */
  text: string;
}

/** A hook's context as a test writes it: a user or a server by name, and of objects only the fields that matter. */
export type FireContext<E extends HookName> = {
  -readonly [Key in keyof Omit<HookContexts[E], 'deny'>]?: Key extends 'server' | 'user'
    ? Partial<HookContexts[E][Key]> | string
    : HookContexts[E][Key] extends object
      ? Partial<HookContexts[E][Key]>
      : HookContexts[E][Key];
};

/** How a hook ended. */
export interface FireResult<E extends HookName> {
  /** The reason of the denial, or null. */
  denied: string | null;
  /** The context, with the changes that the plugin made. */
  context: Omit<HookContexts[E], 'deny'>;
}

/** What was on disk after one write: all that a plugin would have found again if its process had ended there. */
export interface StoredState {
  /** What was in a collection. Ask while the state is shown: afterwards it is a later one. */
  documents<T extends Document = Document>(collection: string, query?: Query): T[];
}

/** What a plugin writes, one write at a time. Made by `recordWrites`; dispose it to end it. */
export interface WriteRecording extends Disposable {
  /**
   * Shows the states that the collections went through since the last call, oldest first, and returns how many these
   * were. Everything that is written without an `await` in between is one write, which a crash keeps as a whole or not
   * at all: these are all the states in which a crash can have left the plugin.
   */
  replay(visit: (state: StoredState) => void): number;
}

/** One plugin in the real sandbox, on a panel that exists for the test only. Made by `testPlugin`. */
export interface TestPlugin extends AsyncDisposable {
  /** From its manifest. */
  readonly id: string;
  /** The address of the test's panel. */
  readonly url: string;

  /** Calls the plugin's own routes: `get('/todos')` is `GET /api/plugins/<id>/todos`. */
  get(path: string, options?: CallOptions): Promise<RouteAnswer>;
  /** Objects are sent as JSON; strings and bytes as they are. */
  post(path: string, body?: unknown, options?: CallOptions): Promise<RouteAnswer>;
  /** As `post`. */
  put(path: string, body?: unknown, options?: CallOptions): Promise<RouteAnswer>;
  /** As `post`. */
  patch(path: string, body?: unknown, options?: CallOptions): Promise<RouteAnswer>;
  /** As `get`: without a body. */
  delete(path: string, options?: CallOptions): Promise<RouteAnswer>;

  /**
   * Raises a hook in this plugin and waits for its handlers. A `before` hook tells whether it was denied; one whose
   * handler throws is denied too. Rejects when the handler of an `after` hook throws, and when the plugin does not
   * listen to the hook.
   */
  fire<E extends HookName>(event: E, context?: FireContext<E>): Promise<FireResult<E>>;
  /** The names of the tasks that it registered. */
  readonly crons: readonly string[];
  /** Runs a task now. Rejects when it fails. */
  runCron(name: string): Promise<void>;
  /** Calls a method that the plugin offers to others. Rejects when it fails. */
  call<T = unknown>(method: string, ...args: unknown[]): Promise<T>;

  /** What is on disk in a collection. */
  documents<T extends Document = Document>(collection: string, query?: Query): Promise<T[]>;
  /**
   * Records what is written from now on, over restarts and kills too. Look at every state that a crash could have left,
   * instead of hoping that a kill hits the one that is wrong. Begin it while the plugin has nothing to do.
   */
  recordWrites(): Promise<WriteRecording>;
  /** Adds documents, or puts them in the place of those with the same id. The plugin's process starts anew. */
  seed(collection: string, documents: readonly Record<string, unknown>[]): Promise<void>;

  /** Newest last. */
  readonly logs: readonly PluginLogLine[];
  /** The requests that it made, newest last. */
  readonly egress: readonly EgressEntry[];
  /**
   * Answers the plugin's requests to a host. The manifest and the settings must allow the host all the same. Without
   * a handler a request reaches servers on this machine only; all others fail.
   */
  answer(host: string, handler: AnswerHandler): Disposable;
  /** The permissions that it has used so far. */
  readonly usedPermissions: readonly Permission[];
  /** Takes permissions back, as an admin can. An empty list gives all back. */
  revoke(permissions: readonly Permission[]): Promise<void>;

  /** Stores settings, as an admin does. Rejects with the panel's message when they are not valid. */
  setConfig(values: Record<string, unknown>): Promise<void>;
  /** Sets the clock that the plugin sees. It goes on from there. */
  setTime(now: Date | string | number): Promise<void>;
  /** Puts the plugin's clock forward. */
  advance(milliseconds: number): Promise<void>;
  /** Ends the process in good order and starts it again. */
  restart(): Promise<void>;
  /** Ends the process as `kill -9` does and starts it again on what is on disk. */
  kill(): Promise<void>;

  /** The servers of the panel as plugins see them. */
  servers(): HookServer[];
  /** One of them. Throws when there is none with this id. */
  server(id: string): HookServer;
  /** Creates a server as a user does: `server:beforeCreate` may deny it. */
  createServer(server: Pick<TestServer, 'name' | 'owner' | 'template' | 'variables'>): Promise<HookServer>;
  /** Uses a power action as its owner does: `server:beforeStart` may deny it. The server follows at once. */
  power(id: string, action: 'start' | 'stop' | 'restart' | 'kill'): Promise<HookServer>;
  /** Lets a running server's process end by itself. */
  crash(id: string, exitCode?: number): Promise<void>;
  /** Reports what a server uses, as the sampler does, and waits for the plugin's handlers. */
  reportUsage(
    id: string,
    usage: { cpu?: number; memoryBytes?: number; diskBytes?: number; uptimeMs?: number },
  ): Promise<void>;
  /** Deletes a server as its owner does: `server:beforeDelete` may deny it. */
  deleteServer(id: string): Promise<void>;
  /** One of the panel's users. Throws when there is none of this name. */
  user(username: string): Required<TestUser>;

  /** Shows one of the plugin's contributions in a real browser, in the panel's own shell. Needs the package `playwright`. */
  mount(place: MountPlace, options?: MountOptions): Promise<MountedContribution>;

  /** Ends everything and removes what was written. Calling it twice is harmless. */
  dispose(): Promise<void>;
}
