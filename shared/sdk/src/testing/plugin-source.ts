import type { HookUser, ServerState } from '../hooks.js';

/** A plugin that a test writes out in place, instead of naming a folder. */
export interface InlinePlugin {
  /** The fields of `plugin.json`; what is left out gets a harmless value. */
  manifest?: Record<string, unknown>;
  /** The text of `server.js`. */
  server?: string;
  /** The text of `client.js`. */
  client?: string;
  /** Further files by their path in the package, such as `assets/icon.svg`. */
  files?: Record<string, string>;
}

/** A user of the test's panel. */
export interface TestUser {
  /** Also the id, unless `id` says otherwise. */
  username: string;
  /** Default: the name. */
  id?: string;
  /** Default `user`. */
  role?: HookUser['role'];
  /** Default `<username>@example.com`. */
  email?: string;
}

/** A server of the test's panel. No process stands behind it: its state and its use are what the test says. */
export interface TestServer {
  /** Default: the name. */
  id?: string;
  /** 1 to 64 characters. */
  name: string;
  /** The name of its owner. Default: the first user. */
  owner?: string;
  /** The id of a template. Default `nodejs`. */
  template?: string;
  /** Default `offline`. */
  state?: ServerState;
  /** Default false. */
  suspended?: boolean;
  /** `memoryMb` and `diskMb` in MiB, `cpu` in percent of one core. Default: none. */
  limits?: Record<string, number>;
  /** Of its template. Default: none. */
  variables?: Record<string, string>;
  /** ISO 8601. Default: now. */
  createdAt?: string;
}

/** Answers a request that the plugin makes, in place of the host it is meant for. */
export type AnswerHandler = (request: Request) => Response | Promise<Response>;

/** What `testPlugin` takes. Give `directory` or `plugin`. */
export interface TestPluginOptions {
  /**
   * The plugin's folder. With a `src` folder in it the plugin is built first when its `dist` is missing or older;
   * without one, `plugin.json`, `server.js`, `client.js` and `assets/` are taken as they are.
   */
  directory?: string | URL;
  /** The plugin, written out in the test. */
  plugin?: InlinePlugin;
  /** What an admin has typed into the plugin's settings. The others have their defaults. */
  settings?: Record<string, unknown>;
  /** Default: `ann`, a user, and `root`, an admin. */
  users?: readonly TestUser[];
  /** Default: none. */
  servers?: readonly TestServer[];
  /** The time that the plugin sees at its start. Its clock goes on from there. Default: the time. */
  now?: Date | string | number;
  /** Answers by host, as with `plugin.answer`. */
  answers?: Readonly<Record<string, AnswerHandler>>;
  /** Other plugins that are active too, for `sodium.plugins.call`. */
  others?: readonly (string | URL | InlinePlugin)[];
  /** Documents that are there before the plugin starts for the first time, by collection. */
  documents?: Readonly<Record<string, readonly Record<string, unknown>[]>>;
}
