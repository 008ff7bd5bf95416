import dgram from 'node:dgram';
import net from 'node:net';

const PROCESS_KEYS = [
  'kill', 'exit', 'reallyExit', 'abort', 'binding', '_linkedBinding', 'dlopen', 'chdir', 'setuid', 'setgid', 'seteuid', 'setegid', 'setgroups',
  'initgroups', '_kill', '_debugProcess', '_debugEnd', '_startProfilerIdleNotifier', 'getBuiltinModule', 'umask', 'report', 'mainModule', 'argv',
  'argv0', 'execPath', 'execArgv', 'execve', 'loadEnvFile', 'setSourceMapsEnabled', 'setUncaughtExceptionCaptureCallback', 'cwd',
  'stdin', 'stdout', 'stderr', 'permission', 'getActiveResourcesInfo', '_getActiveHandles', '_getActiveRequests', 'openStdin', 'moduleLoadList',
]; // prettier-ignore

/** The compartment takes its language intrinsics from the realm's own table; none of these is among them. */
const GLOBAL_KEYS = [
  'process', 'require', 'module', 'exports', 'global', 'Buffer', 'fetch', 'WebSocket', 'EventSource', 'FormData', 'Headers', 'Request', 'Response',
  'MessageEvent', 'CloseEvent', 'Storage', 'localStorage', 'sessionStorage', 'navigator', 'Navigator', 'BroadcastChannel', 'MessageChannel', 'MessagePort',
  'Worker', 'WebAssembly', 'SharedArrayBuffer', 'Atomics', 'performance', 'PerformanceObserver', 'structuredClone', 'crypto', 'Crypto', 'SubtleCrypto',
  'CryptoKey', 'setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate', 'queueMicrotask', 'AbortController',
  'AbortSignal', 'Event', 'EventTarget', 'Blob', 'File', 'ReadableStream', 'WritableStream', 'TransformStream', 'CompressionStream', 'DecompressionStream',
  'TextEncoderStream', 'TextDecoderStream', 'console', 'gc', 'escape', 'unescape',
]; // prettier-ignore

/**
 * A second wall. Whoever got out of the compartment finds a realm in which the usual ways to the system are gone;
 * the third and fourth walls are the permission model and the panel's own checks.
 */
export function scrubRealm(): void {
  const refuse = (): never => {
    throw new Error('not available to plugins');
  };
  const refused = { value: refuse, writable: false, configurable: false };
  Object.defineProperty(net.Socket.prototype, 'connect', refused);
  Object.defineProperty(net.Server.prototype, 'listen', refused);
  Object.defineProperty(dgram.Socket.prototype, 'bind', refused);
  Object.defineProperty(dgram.Socket.prototype, 'send', refused);
  Object.defineProperty(dgram.Socket.prototype, 'connect', refused);
  for (const key of PROCESS_KEYS) fix(process, key, undefined);
  // Node's own code reads these at any time.
  fix(process, 'env', Object.freeze(Object.create(null)));
  fix(process, 'emitWarning', () => undefined);
  for (const key of GLOBAL_KEYS) delete (globalThis as Record<string, unknown>)[key];
}

function fix(target: object, key: string, value: unknown): void {
  try {
    Object.defineProperty(target, key, { value, writable: false, configurable: false });
  } catch {
    // Some of these are fixed in some versions of Node.js; the walls behind this one still stand.
  }
}
