import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HookName } from '@sodium/sdk';
import type { BeforeResult, HookData, HookPort } from '../plugins/hooks-port.js';
import { CoreStore } from '../storage/index.js';
import { ScheduleService } from './schedules/schedule-service.js';
import { chooseIsolation } from './servers/isolation/choose-isolation.js';
import type { IsolationKind } from './servers/isolation/isolation.js';
import { LocalRuntime } from './servers/local-runtime.js';
import { ServerService } from './servers/server-service.js';
import { TemplateRegistry } from './servers/templates/template-registry.js';
import { AccountService } from './users/account-service.js';
import { SessionService } from './users/session-service.js';

/** Hooks as a test sets them: what was announced is kept, and `decide` may deny or change. */
export class RecordingHooks implements HookPort {
  readonly events: { event: HookName; context: Record<string, unknown> }[] = [];
  decide: (event: HookName, context: Record<string, unknown>) => { plugin: string; reason: string } | void = () =>
    undefined;

  async before<E extends HookName>(event: E, context: HookData<E>): Promise<BeforeResult<E>> {
    const copy = structuredClone(context);
    const denial = this.decide(event, copy as Record<string, unknown>);
    return denial ? { kind: 'denied', ...denial } : { kind: 'allowed', context: copy };
  }

  after<E extends HookName>(event: E, context: () => HookData<E>): void {
    this.events.push({ event, context: structuredClone(context()) as Record<string, unknown> });
  }

  of(event: HookName): Record<string, unknown>[] {
    return this.events.filter((each) => each.event === event).map((each) => each.context);
  }
}

export interface TestHostingOptions {
  isolation?: IsolationKind;
  ports?: { from: number; to: number };
  sampleMs?: number;
  cronFields?: number[];
}

/** The whole domain over a real folder, with real processes. */
export async function openTestHosting(dataDirectory: string, options: TestHostingOptions = {}) {
  await mkdir(join(dataDirectory, 'db'), { recursive: true });
  const hooks = new RecordingHooks();
  const isolation = await chooseIsolation(dataDirectory, options.isolation);
  const store = await CoreStore.open(join(dataDirectory, 'db', 'panel'));
  const templates = await TemplateRegistry.load(join(dataDirectory, 'templates'));
  const runtime = await LocalRuntime.open({
    directory: join(dataDirectory, 'servers'),
    isolation,
    sampleMs: options.sampleMs,
  });
  const ports = options.ports ?? testPorts();
  const servers = new ServerService({ store, hooks, runtime, templates, ports });
  const sessions = new SessionService(store);
  const mayDelete = (user: string) => (servers.ownedBy(user).length > 0 ? 'It has servers.' : null);
  const accounts = new AccountService({ store, hooks, sessions, registrationOpen: () => true, mayDelete });
  const owner = (id: string) => accounts.get(id);
  const schedules = new ScheduleService({ store, servers, owner, cronFields: options.cronFields });
  const close = async (): Promise<void> => {
    schedules.close();
    await servers.close(5000);
    await store.close();
  };
  return { dataDirectory, hooks, isolation, store, templates, runtime, servers, sessions, accounts, schedules, close };
}

/** Test files run at the same time: each has ports of its own. */
function testPorts(): { from: number; to: number } {
  const from = 41_000 + (Number(process.env['VITEST_POOL_ID'] ?? 0) % 5) * 100;
  return { from, to: from + 99 };
}

export type TestHosting = Awaited<ReturnType<typeof openTestHosting>>;

export async function temporaryData(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'sodium-panel-')));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

export const ADMIN = { id: 'admin-1', username: 'root', role: 'admin' } as const;
export const ALICE = { id: 'user-1', username: 'alice', role: 'user' } as const;
export const BOB = { id: 'user-2', username: 'bob', role: 'user' } as const;

/** A template whose start file is the given script. */
export function scriptTemplate(id: string, script: string, more: Record<string, unknown> = {}): string {
  const base = {
    id,
    name: id,
    description: '',
    files: { 'main.mjs': script },
    start: ['{{node}}', 'main.mjs'],
    ready: { pattern: '^ready' },
  };
  return JSON.stringify({ ...base, ...more });
}
