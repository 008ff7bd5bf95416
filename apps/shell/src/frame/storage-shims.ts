/**
 * In a sealed frame the browser throws at whoever touches storage. Code written for pages would fail on its first line,
 * so each name gives something harmless instead: memory that ends with the frame, or nothing, which code tests for.
 */
export function shimStorage(target: Window & typeof globalThis): void {
  define(target, 'localStorage', createStorage());
  define(target, 'sessionStorage', createStorage());
  define(target, 'indexedDB', undefined);
  define(target, 'caches', undefined);
  define(target, 'cookieStore', undefined);
  define(target.navigator, 'serviceWorker', undefined);
  shimCookies(target.document);
}

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, enumerable: true });
}

/** `Storage` with its methods and its properties: `storage.key = 'x'` works as people expect. */
function createStorage(): Storage {
  const entries = new Map<string, string>();
  const methods: Record<string, unknown> = {
    getItem: (key: string) => entries.get(String(key)) ?? null,
    setItem: (key: string, value: unknown) => void entries.set(String(key), String(value)),
    removeItem: (key: string) => void entries.delete(String(key)),
    clear: () => entries.clear(),
    key: (index: number) => [...entries.keys()][index] ?? null,
  };
  return new Proxy({} as Storage, {
    get: (_target, key) => (key === 'length' ? entries.size : (methods[String(key)] ?? entries.get(String(key)))),
    set: (_target, key, value) => {
      entries.set(String(key), String(value));
      return true;
    },
    has: (_target, key) => key in methods || entries.has(String(key)),
    deleteProperty: (_target, key) => {
      entries.delete(String(key));
      return true;
    },
    ownKeys: () => [...entries.keys()],
    getOwnPropertyDescriptor: (_target, key) => {
      const value = entries.get(String(key));
      return value === undefined ? undefined : { value, writable: true, enumerable: true, configurable: true };
    },
  });
}

function shimCookies(document: Document): void {
  const jar = new Map<string, string>();
  Object.defineProperty(document, 'cookie', {
    configurable: true,
    get: () => [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
    set: (cookie: unknown) => {
      const [pair = '', ...attributes] = String(cookie).split(';');
      const [, name = '', value = ''] = /^\s*([^=]*?)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
      const over = attributes.some((attribute) => /^\s*(max-age\s*=\s*(0|-)|expires\s*=.*\b19\d\d\b)/i.test(attribute));
      if (over) jar.delete(name);
      else jar.set(name, value);
    },
  });
}
