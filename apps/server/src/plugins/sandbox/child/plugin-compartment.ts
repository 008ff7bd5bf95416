import { ses } from './ses.js';

/** Language globals that code looks up all the time; fixed ones are read without going through the scope's proxy. */
const FIXED = [
  'Array', 'ArrayBuffer', 'BigInt', 'Boolean', 'DataView', 'Date', 'Error', 'Function', 'Infinity', 'JSON', 'Map', 'Math', 'NaN', 'Number', 'Object', 'Promise',
  'Proxy', 'RangeError', 'Reflect', 'RegExp', 'Set', 'String', 'Symbol', 'SyntaxError', 'TypeError', 'Uint8Array', 'WeakMap', 'WeakSet', 'decodeURIComponent',
  'encodeURIComponent', 'isFinite', 'isNaN', 'parseFloat', 'parseInt', 'undefined',
]; // prettier-ignore
/** Tools of the lockdown itself; a plugin has no use for them. */
const WITHHELD = [
  'Compartment',
  'lockdown',
  'assert',
  'harden',
  'repairIntrinsics',
  'hardenIntrinsics',
  'ModuleSource',
];

type Module = (exports: object, importModule: (name: unknown) => Promise<never>, meta: object) => Promise<void>;

/** Runs the compiled module in a compartment of its own and returns its default export. */
export async function evaluatePlugin(
  plugin: string,
  source: string,
  globals: Record<string, unknown>,
): Promise<unknown> {
  const compartment = new ses.Compartment({ __options__: true, name: plugin, globals });
  const scope = compartment.globalThis;
  for (const name of WITHHELD) delete scope[name];
  for (const name of ['global', 'self'])
    Object.defineProperty(scope, name, { value: scope, writable: true, configurable: true });
  for (const name of FIXED) {
    if (Object.hasOwn(scope, name)) Object.defineProperty(scope, name, { writable: false, configurable: false });
  }
  const exports: { default?: unknown } = Object.create(null) as object;
  const importModule = ses.harden(async (name: unknown): Promise<never> => {
    throw new Error(
      `Plugin "${plugin}" cannot import(${JSON.stringify(String(name))}): bundle what it needs into server.js. Modules of Node.js are not available.`,
    );
  });
  const run = compartment.evaluate(source, { __rejectSomeDirectEvalExpressions__: false }) as Module;
  await run(exports, importModule, ses.harden({ url: `plugin:${plugin}/server.js` }));
  return exports.default;
}
