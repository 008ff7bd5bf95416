import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Everything of the host that the child's own code needs later, taken before the realm is locked down and scrubbed.
 * Nothing of this may reach a plugin unless an endowment wraps it.
 */
export const host = {
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setInterval: globalThis.setInterval,
  clearInterval: globalThis.clearInterval,
  structuredClone: globalThis.structuredClone,
  URL: globalThis.URL,
  URLSearchParams: globalThis.URLSearchParams,
  TextEncoder: globalThis.TextEncoder,
  TextDecoder: globalThis.TextDecoder,
  DOMException: globalThis.DOMException,
  CryptoKey: (globalThis as unknown as { CryptoKey: { prototype: object } }).CryptoKey,
  crypto: globalThis.crypto,
  subtle: globalThis.crypto.subtle,
  performance: globalThis.performance,
  atob: globalThis.atob,
  btoa: globalThis.btoa,
  Buffer: globalThis.Buffer,
  Date: globalThis.Date,
  Math: globalThis.Math,
  exit: process.reallyExit?.bind(process) ?? process.exit.bind(process),
  onProcess: process.on.bind(process) as (event: string, listener: (error: unknown) => void) => void,
  AsyncLocalStorage,
};

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- merges with the types of Node.js
  namespace NodeJS {
    interface Process {
      reallyExit?: (code: number) => never;
    }
  }
}
