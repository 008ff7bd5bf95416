import { host } from '../host.js';
import { ses } from '../ses.js';

const SUBTLE = [
  'digest', 'sign', 'verify', 'encrypt', 'decrypt', 'importKey', 'exportKey', 'generateKey', 'deriveBits', 'deriveKey', 'wrapKey', 'unwrapKey',
] as const; // prettier-ignore

/** Classes of the platform without authority, frozen. Debugging hooks that hand out internals are removed first. */
function platformClasses(): Record<string, unknown> {
  const { URL, URLSearchParams, TextEncoder, TextDecoder, DOMException, CryptoKey } = host;
  for (const key of ['createObjectURL', 'revokeObjectURL']) delete (URL as unknown as Record<string, unknown>)[key];
  const classes = { URL, URLSearchParams, TextEncoder, TextDecoder, DOMException, CryptoKey };
  for (const constructor of Object.values(classes)) {
    if (!constructor) continue;
    delete (constructor.prototype as unknown as Record<symbol, unknown>)[Symbol.for('nodejs.util.inspect.custom')];
    ses.harden(constructor);
  }
  for (const instance of [new URLSearchParams().entries(), ...segments()]) ses.harden(Object.getPrototypeOf(instance));
  return classes;
}

/** Objects whose prototypes no class leads to. */
function segments(): object[] {
  const found = new Intl.Segmenter().segment('');
  return [found, found[Symbol.iterator]()];
}

function subtleCrypto(): Record<string, unknown> {
  const methods: Record<string, unknown> = {};
  for (const name of SUBTLE) {
    const method = host.subtle[name] as (...args: unknown[]) => unknown;
    methods[name] = (...args: unknown[]) => Reflect.apply(method, host.subtle, args);
  }
  return methods;
}

/** What every plugin gets of the platform: nothing that reaches outside the process, nothing that two holders could talk through. */
export function createPlatform(): Record<string, unknown> {
  const { atob, btoa, structuredClone, performance, crypto } = host;
  return {
    ...platformClasses(),
    Math: host.Math,
    Date: host.Date,
    Intl,
    Float32Array,
    Float64Array,
    WeakRef,
    FinalizationRegistry,
    atob: (text: unknown) => atob(String(text)),
    btoa: (text: unknown) => btoa(String(text)),
    // Without a transfer list: nothing is ever detached or handed over.
    structuredClone: (value: unknown) => structuredClone(value),
    performance: { now: () => performance.now(), timeOrigin: performance.timeOrigin },
    crypto: {
      subtle: subtleCrypto(),
      randomUUID: () => crypto.randomUUID(),
      getRandomValues: (array: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(array),
    },
  };
}
