import type { Db } from '@sodium/sdk';
import type { FrameChannel } from '../protocol/channel.js';
import type { LoadMessage, MethodMessage } from '../protocol/frames.js';
import type { Registrations } from '../types.js';
import { createEndowments } from './endowments/index.js';
import { createTestClock, type TestClock } from './endowments/test-clock.js';
import type { Timers } from './endowments/timers.js';
import type { LogSink } from './log-sink.js';
import { openStore } from './open-store.js';
import type { PanelCalls } from './panel-calls.js';
import { evaluatePlugin } from './plugin-compartment.js';
import { ses } from './ses.js';
import { Sodium } from './sodium/index.js';
import type { StorePort } from './store-port.js';

const METHOD_NAME = /^[A-Za-z_$][A-Za-z0-9_$]{0,63}$/;
const MAX_METHODS = 200;

export interface LoadedPlugin {
  sodium: Sodium;
  store: StorePort;
  timers: Timers;
  clock: TestClock | null;
  callMethod(message: MethodMessage): Promise<unknown>;
}

export interface LoadOptions {
  channel: FrameChannel;
  shared: Record<string, unknown>;
  log: LogSink;
  calls: PanelCalls;
  message: LoadMessage;
  source: string;
}

/** Opens the store, runs the module and its default export, and says what that registered. */
export async function loadPlugin(
  options: LoadOptions,
): Promise<{ plugin: LoadedPlugin; registrations: Registrations }> {
  const { channel, shared, log, calls, message, source } = options;
  const store = openStore(channel, message.store);
  await store.ready;
  const sodium = new Sodium({ message, calls, log, db: (): Db => store.facade });
  ses.harden(sodium.facade);
  ses.harden(sodium.router.facade);
  const clock = message.clockOffsetMs === undefined ? null : createTestClock(message.clockOffsetMs);
  const { globals, timers } = createEndowments({ ...shared, ...clock?.globals }, log, calls);
  const main = await evaluatePlugin(message.meta.id, source, globals);
  if (typeof main !== 'function') {
    throw new TypeError(
      `server.js must have a function as its default export, not ${main === undefined ? 'nothing' : typeof main}: export default function (sodium) { … }`,
    );
  }
  const since = store.begin();
  const result: unknown = await (main as (sodium: unknown) => unknown)(sodium.facade);
  const methods = collectMethods(result);
  const registrations = { ...sodium.seal([...methods.keys()]), timers: timers.count() > 0 };
  await store.barrier(since);
  const callMethod = async ({ name, args }: MethodMessage): Promise<unknown> => {
    const method = methods.get(name);
    if (!method) throw Object.assign(new Error(`There is no method "${name}".`), { code: 'METHOD_NOT_FOUND' });
    return method.apply(result, [...args]);
  };
  return { plugin: { sodium, store, timers, callMethod, clock }, registrations };
}

type Method = (...args: unknown[]) => unknown;

function collectMethods(result: unknown): Map<string, Method> {
  const methods = new Map<string, Method>();
  if (typeof result !== 'object' || result === null) return methods;
  for (const [name, value] of Object.entries(result)) {
    if (typeof value !== 'function') continue;
    if (!METHOD_NAME.test(name) || methods.size >= MAX_METHODS)
      throw new Error(
        `The method "${name.slice(0, 80)}" cannot be offered: names are identifiers of at most 64 characters, and there are at most ${MAX_METHODS}.`,
      );
    methods.set(name, value as Method);
  }
  return methods;
}
