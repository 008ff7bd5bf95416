import path from 'node:path';
import type { Storage } from './open-storage.js';
import { announceChanges } from './panel/announce-changes.js';
import { PreviewWorld } from './panel/preview-world.js';
import { ScheduleService } from './panel/schedules/schedule-service.js';
import { serverCapabilities } from './panel/server-capabilities.js';
import { chooseIsolation } from './panel/servers/isolation/choose-isolation.js';
import { LocalRuntime } from './panel/servers/local-runtime.js';
import type { Runtime } from './panel/servers/runtime.js';
import { ServerService } from './panel/servers/server-service.js';
import { TemplateRegistry } from './panel/servers/templates/template-registry.js';
import { PreferenceService } from './panel/users/preference-service.js';
import { userCapabilities } from './panel/user-capabilities.js';
import { AccountService } from './panel/users/account-service.js';
import { userRecordSchema } from './panel/users/user-record.js';
import { serverRecordSchema } from './panel/servers/server-record.js';
import { SessionService } from './panel/users/session-service.js';
import { Pseudonyms } from './plugins/preview/pseudonyms.js';
import type { HookPort } from './plugins/hooks-port.js';
import type { Capability } from './plugins/sandbox/types.js';

export interface Hosting {
  accounts: AccountService;
  sessions: SessionService;
  preferences: PreferenceService;
  servers: ServerService;
  schedules: ScheduleService;
  runtime: Runtime;
  templates: TemplateRegistry;
  capabilities: Record<string, Capability>;
  /** Under which names people and servers appear in previews. */
  names: Pseudonyms;
  previewed: PreviewWorld;
}

/** The hosting domain: users, servers and schedules. Nothing runs yet. `other` takes the place of this machine's processes. */
export async function createHosting(storage: Storage, hooks: HookPort, other?: Runtime): Promise<Hosting> {
  const { core, config, dataDirectory } = storage;
  const runtime = other ?? (await openLocalRuntime(dataDirectory));
  const templates = await TemplateRegistry.load(path.join(dataDirectory, 'templates'));
  const sessions = new SessionService(core);
  const servers = new ServerService({ store: core, hooks, runtime, templates, ports: config.get().servers?.ports });
  const accounts = new AccountService({
    store: core,
    hooks,
    sessions,
    registrationOpen: () => config.get().auth.registration,
    mayDelete: (id) => refusal(servers.ownedBy(id).length),
  });
  const schedules = new ScheduleService({ store: core, servers, owner: (id) => accounts.get(id) });
  announceChanges(
    [core.collection('users', userRecordSchema), core.collection('servers', serverRecordSchema)] as never,
    hooks,
  );
  const names = new Pseudonyms();
  return {
    accounts,
    sessions,
    preferences: new PreferenceService(core),
    servers,
    schedules,
    runtime,
    templates,
    capabilities: { ...serverCapabilities(servers), ...userCapabilities(accounts) },
    names,
    previewed: new PreviewWorld({ servers, accounts, names }),
  };
}

async function openLocalRuntime(dataDirectory: string): Promise<LocalRuntime> {
  const isolation = await chooseIsolation(dataDirectory);
  return LocalRuntime.open({ directory: path.join(dataDirectory, 'servers'), isolation });
}

const refusal = (owned: number): string | null =>
  owned === 0
    ? null
    : `This user owns ${owned} ${owned === 1 ? 'server' : 'servers'}. Delete ${owned === 1 ? 'it' : 'them'} first.`;
