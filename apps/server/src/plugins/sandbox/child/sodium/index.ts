import type { Db } from '@sodium/sdk';
import type { LoadMessage } from '../../protocol/frames.js';
import type { Registrations } from '../../types.js';
import { formatValues } from '../format-value.js';
import type { LogSink } from '../log-sink.js';
import type { PanelCalls } from '../panel-calls.js';
import { auth } from './auth.js';
import { Config } from './config.js';
import { assertOpen, type SodiumContext } from './context.js';
import { Crons } from './cron.js';
import { createDbFacade } from './db.js';
import { Hooks } from './hooks.js';
import { HttpRouter } from './http-router.js';
import { GrantedPermissions } from './permissions.js';
import { createPlugins, createServers, createUsers } from './remote.js';
import { createUi } from './ui.js';

export interface SodiumParts {
  message: LoadMessage;
  calls: PanelCalls;
  log: LogSink;
  db: () => Db;
}

/** The `sodium` object of one plugin, and the other end of everything it registers. */
export class Sodium {
  readonly router = new HttpRouter();
  readonly hooks: Hooks;
  readonly crons: Crons;
  readonly config: Config;
  readonly facade: Record<string, unknown>;
  readonly #context: SodiumContext;

  constructor({ message, calls, log, db }: SodiumParts) {
    const permissions = new GrantedPermissions(message.permissions, message.revoked);
    const registered = { sealed: false, collections: new Set<string>(), ui: {} };
    const context: SodiumContext = {
      meta: message.meta,
      permissions,
      declaredHooks: message.declaredHooks,
      calls,
      log,
      registered,
    };
    this.#context = context;
    this.hooks = new Hooks(context);
    this.crons = new Crons(context);
    this.config = new Config(context, message.config);
    this.facade = {
      meta: { ...message.meta },
      db: createDbFacade(context, db),
      http: { registerRoutes: (build: unknown) => this.#registerRoutes(build) },
      hooks: this.hooks.facade,
      cron: this.crons.facade,
      logger: createLogger(log),
      config: this.config.facade,
      plugins: createPlugins(context),
      servers: createServers(context),
      users: createUsers(context),
      auth,
      ui: createUi(context),
    };
  }

  /** Ends registration and says what was registered. */
  seal(methods: string[]): Registrations {
    const { registered } = this.#context;
    registered.sealed = true;
    return {
      routes: this.router.registrations(),
      hooks: this.hooks.registrations(),
      crons: this.crons.registrations(),
      methods,
      collections: [...registered.collections],
      ui: registered.ui,
    };
  }

  #registerRoutes(build: unknown): void {
    this.#context.permissions.require('sodium.http.registerRoutes', 'http:routes');
    assertOpen(this.#context, 'sodium.http.registerRoutes');
    if (typeof build !== 'function')
      throw new TypeError('sodium.http.registerRoutes needs a function that takes the router.');
    build(this.router.facade);
  }
}

function createLogger(log: LogSink): Record<string, (...values: unknown[]) => void> {
  return {
    debug: (...values) => log('debug', formatValues(values)),
    info: (...values) => log('info', formatValues(values)),
    warn: (...values) => log('warn', formatValues(values)),
    error: (...values) => log('error', formatValues(values)),
  };
}
