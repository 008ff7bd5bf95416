import { formatValue } from '../format-value.js';
import type { PanelCalls } from '../panel-calls.js';
import { ses } from '../ses.js';
import type { LogSink } from '../log-sink.js';
import { PlainRequest, PlainResponse } from './body.js';
import { createConsole } from './console.js';
import { PlainAbortController, PlainAbortSignal, PlainEvent, PlainEventTarget, useTimersForSignals } from './events.js';
import { createFetch } from './fetch.js';
import { PlainHeaders } from './headers.js';
import { createPlatform } from './platform.js';
import { createTimers, type Timers } from './timers.js';

/** Prepared before a plugin is known, so that a waiting process answers at once. */
export function prepareEndowments(): Record<string, unknown> {
  const shared = {
    ...createPlatform(),
    AbortController: PlainAbortController,
    AbortSignal: PlainAbortSignal,
    Event: PlainEvent,
    EventTarget: PlainEventTarget,
    Headers: PlainHeaders,
    Request: PlainRequest,
    Response: PlainResponse,
  };
  for (const value of Object.values(shared)) ses.harden(value);
  return shared;
}

/** All globals of one plugin beyond the language itself, and its timers. */
export function createEndowments(
  shared: Record<string, unknown>,
  log: LogSink,
  calls: PanelCalls,
): { globals: Record<string, unknown>; timers: Timers } {
  const timers = createTimers((error) => log('error', `A timer failed: ${formatValue(error)}`));
  useTimersForSignals(timers.globals.setTimeout as (run: () => void, ms: number) => unknown);
  const own = { ...timers.globals, console: createConsole(log), fetch: createFetch(calls) };
  for (const value of Object.values(own)) ses.harden(value);
  return { globals: { ...shared, ...own }, timers };
}
