import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Permission } from '@sodium/sdk';
import { createSandboxHost, type SandboxOptions } from '../sandbox-host.js';
import type {
  HttpAnswer,
  HttpCall,
  InstanceSpec,
  InstanceState,
  LogEntry,
  PluginInstance,
  SandboxHost,
} from '../types.js';
import { builtSandbox } from './built-sandbox.js';

export interface TestPlugin {
  instance: PluginInstance;
  logs: LogEntry[];
  states: InstanceState[];
  used: Set<Permission>;
  permissions: Set<Permission>;
  /** Answers a request, with the body as text. */
  request(
    path: string,
    call?: Partial<HttpCall>,
  ): Promise<{ status: number; headers: HttpAnswer['headers']; text: string; json(): unknown; bytes: Buffer }>;
}

export interface TestSandbox {
  host: SandboxHost;
  directory: string;
  /** A plugin from the text of its server.js, not yet activated. */
  plugin(
    source: string,
    spec?: Partial<Omit<InstanceSpec, 'meta'>> & { id?: string; permissions?: Permission[] },
  ): Promise<TestPlugin>;
  close(): Promise<void>;
}

const EVERYTHING: Permission[] = ['db:own', 'http:routes', 'cron:register', 'webhooks:send', 'plugins:call', 'servers:read', 'users:read', 'servers:suspend', 'servers:power', 'ws:read', 'db:watch', 'ui:pages', 'ui:sidebar', 'ui:admin']; // prettier-ignore

/** A real sandbox on a scratch folder: real processes, real files. */
export async function openTestSandbox(options: Partial<SandboxOptions> = {}): Promise<TestSandbox> {
  const directory = await mkdtemp(path.join(tmpdir(), 'sodium-sandbox-'));
  const host = createSandboxHost({ folder: await builtSandbox(), capabilities: {}, spare: false, ...options });
  let count = 0;
  return {
    host,
    directory,
    plugin: async (source, { id = `plugin-${++count}`, permissions = EVERYTHING, ...spec } = {}) => {
      const folder = path.join(directory, id);
      await mkdir(folder, { recursive: true });
      const serverFile = path.join(folder, 'server.js');
      await writeFile(serverFile, source);
      const held = new Set(permissions);
      const state = {
        logs: [] as LogEntry[],
        states: [] as InstanceState[],
        used: new Set<Permission>(),
        permissions: held,
      };
      const instance = host.create({
        meta: { id, name: id, version: '1.2.3', sodium: '1.0.0' },
        serverFile,
        hasPermission: (permission) => held.has(permission),
        onPermissionUsed: (permission) => state.used.add(permission),
        declaredHooks: ['*'],
        config: {},
        store: { kind: 'disk', directory: path.join(directory, 'db', `plugins_${id}`) },
        resident: false,
        onLog: (entry) => state.logs.push(entry),
        onState: (entered) => state.states.push(entered),
        ...spec,
      });
      return { instance, ...state, request: (target, call) => request(instance, target, call) };
    },
    close: async () => {
      await host.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function request(
  instance: PluginInstance,
  target: string,
  call: Partial<HttpCall> = {},
): ReturnType<TestPlugin['request']> {
  const [pathname, query = ''] = target.split('?');
  const defaults: HttpCall = {
    method: 'GET',
    path: pathname!,
    query,
    headers: {},
    ip: '127.0.0.1',
    user: null,
    body: new Uint8Array(0),
  };
  const answer = await instance.http({ ...defaults, ...call });
  const bytes = await readAll(answer.body);
  const text = bytes.toString('utf8');
  return { status: answer.status, headers: answer.headers, text, bytes, json: () => JSON.parse(text) as unknown };
}

async function readAll(body: HttpAnswer['body']): Promise<Buffer> {
  if (body instanceof Uint8Array) return Buffer.from(body);
  const parts: Buffer[] = [];
  for await (const part of body) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Resolves once `condition` holds; fails with what was awaited. */
export async function until(what: string, condition: () => boolean, ms = 10_000): Promise<void> {
  const end = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`Waited ${ms} ms in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
