import { readFile, stat } from 'node:fs/promises';
import { PERMISSION_NAMES, type Permission } from '@sodium/sdk';
import { PluginError } from '../../errors.js';
import type { CompileCache } from '../compile/compile-cache.js';
import { sendPieces } from '../protocol/attachments.js';
import { TO_CHILD, type LoadMessage } from '../protocol/frames.js';
import { encodeJson } from '../protocol/json.js';
import type { Capability, InstanceSpec, LogLevel, Registrations } from '../types.js';
import { checkRegistrations } from './check-registrations.js';
import { registrationsSchema } from './child-messages.js';
import { openInstanceStore, type AttachedStore } from './instance-store.js';
import type { SandboxLimits } from './limits.js';
import type { PluginProcess, ProcessOwner } from './plugin-process.js';
import type { TracedLog } from './traced-log.js';

export interface LaunchDeps {
  limits: SandboxLimits;
  compile: CompileCache;
  /** A process that waits for a plugin. */
  takeProcess(): Promise<PluginProcess>;
  capabilities(): Readonly<Record<string, Capability>>;
  clockOffset?(): number;
  onWrite?(plugin: string, line: Uint8Array): void;
}

export interface Launched {
  process: PluginProcess;
  store: AttachedStore | null;
  registrations: Registrations;
}

export interface LaunchOptions {
  spec: InstanceSpec;
  config: Record<string, unknown>;
  deps: LaunchDeps;
  log: TracedLog;
  /** Told as soon as there is a process, before the plugin's code runs in it. */
  onProcess(process: PluginProcess, store: AttachedStore | null): void;
}

/** Brings a plugin to run: compiles it, opens its store, loads it into a process. Leaves nothing behind when that fails. */
export async function launchPlugin({ spec, config, deps, log, onProcess }: LaunchOptions): Promise<Launched> {
  let process: PluginProcess | null = null;
  let store: AttachedStore | null = null;
  try {
    const source = await compiledSource(spec, deps, log);
    process = await deps.takeProcess();
    store = await openInstanceStore(spec, process, deps);
    onProcess(process, store);
    process.adopt(ownerOf(spec, deps, log));
    return { process, store, registrations: await load(process, source, { spec, config, deps }, store !== null) };
  } catch (error) {
    logPlace(error, log);
    process?.kill('it did not start');
    await process?.exited;
    await store?.close();
    throw launchError(spec.meta.id, error);
  }
}

async function compiledSource(spec: InstanceSpec, { limits, compile }: LaunchDeps, log: TracedLog): Promise<string> {
  const { serverFile, meta, source: given, store } = spec;
  const size = given ? Buffer.byteLength(given.code) : (await stat(serverFile)).size;
  if (size > limits.sourceBytes)
    throw new Error(`server.js has ${size} bytes; at most ${limits.sourceBytes} are allowed.`);
  const source = given?.code ?? (await readFile(serverFile, 'utf8'));
  await log.tracer.prepare(source);
  // What is only tried leaves nothing on disk.
  return compile.compile(meta.id, source, { keep: store.kind === 'disk' });
}

type LoadParts = Pick<LaunchOptions, 'spec' | 'config' | 'deps'>;

async function load(
  process: PluginProcess,
  source: string,
  { spec, config, deps }: LoadParts,
  store: boolean,
): Promise<Registrations> {
  const bytes = Buffer.from(source, 'utf8');
  const message: LoadMessage = {
    meta: spec.meta,
    permissions: PERMISSION_NAMES.filter((name) => spec.hasPermission(name) || mayRegister(spec, name)),
    revoked: PERMISSION_NAMES.filter((name) => isRevoked(spec, name)),
    declaredHooks: [...spec.declaredHooks],
    config,
    store,
    attachment: bytes.length,
    ...(deps.clockOffset && { clockOffsetMs: deps.clockOffset() }),
  };
  const value = await process.call({ kind: 'other', label: 'its start', deadlineMs: deps.limits.loadMs }, (id) => {
    process.channel.send(TO_CHILD.load, id, encodeJson(message));
    sendPieces(process.channel, TO_CHILD.chunk, id, bytes);
  });
  const registrations = registrationsSchema.parse(value);
  checkRegistrations(registrations, spec);
  return registrations;
}

/** The panel refuses each use of what was revoked. Documents are the exception: they are used in the process itself. */
const mayRegister = (spec: InstanceSpec, name: Permission): boolean =>
  name !== 'db:own' && (spec.mayRegister?.(name) ?? false);

const isRevoked = (spec: InstanceSpec, name: Permission): boolean =>
  !spec.hasPermission(name) && (spec.mayRegister?.(name) ?? false);

function ownerOf(spec: InstanceSpec, deps: LaunchDeps, log: TracedLog): ProcessOwner {
  return {
    plugin: spec.meta.id,
    capabilities: spec.capabilities ?? deps.capabilities(),
    hasPermission: (permission: Permission) => spec.hasPermission(permission),
    isRevoked: (permission: Permission) => isRevoked(spec, permission),
    onPermissionUsed: (permission: Permission) => spec.onPermissionUsed(permission),
    onLog: (level: LogLevel, text: string) => log.write({ at: Date.now(), level, source: 'plugin', text }),
  };
}

/** Where the plugin's code threw. The error itself names the reason alone. */
function logPlace(error: unknown, log: TracedLog): void {
  const cause = error instanceof PluginError ? error.cause : undefined;
  const stack = cause instanceof Error ? cause.stack : undefined;
  if (stack?.includes('plugin:')) log.write({ at: Date.now(), level: 'error', source: 'plugin', text: stack });
}

function launchError(plugin: string, error: unknown): PluginError {
  if (error instanceof PluginError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new PluginError(plugin, 'PLUGIN_FAILED', `Plugin "${plugin}" could not start: ${message}`, { cause: error });
}
