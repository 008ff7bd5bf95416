import { describe, expect, it } from 'vitest';
import { CompileError } from './compile-error.js';
import { compilePlugin } from './compile-plugin.js';
import { looksRefused } from './false-positives.js';

const importRefused = (name: string): Promise<never> => Promise.reject(new Error(`refused ${name}`));

async function run(source: string): Promise<Record<string, unknown>> {
  const compiled = compilePlugin(source, 'test');
  expect(looksRefused(compiled)).toBe(false);
  const exports: Record<string, unknown> = {};
  // Indirect: only the module's own scope.
  await (0, eval)(compiled)(exports, importRefused, { url: 'plugin:test' });
  return exports;
}
const value = async (source: string): Promise<unknown> => (await run(source)).default;
const problem = (source: string): string => {
  try {
    compilePlugin(source, 'test');
  } catch (error) {
    expect(error).toBeInstanceOf(CompileError);
    return (error as Error).message;
  }
  throw new Error('it compiled');
};

describe('default exports of every shape', () => {
  it.each([
    ['export default 5', 5],
    ['export default (6)', 6],
    ['export default ((a, b) => a + b)(3, 4)', 7],
    ['const x = 8; export { x as default }', 8],
    ['const y = 9; export {\n y as "default" }', 9],
    ['let z = 1; export { z as default }; z = 10', 10],
    ['#!/usr/bin/env node\n"use strict";\nexport default 11', 11],
    ['export const a = 1, { b } = { b: 2 }; export default a + b', 3],
    ['export let q = 1; q++; export default q', 2],
    ['export /* a\n */ default /* b */ 12', 12],
    ['export default await Promise.resolve(13)', 13],
  ])('%s', async (source, expected) => expect(await value(source)).toBe(expected));

  it.each([
    'export default function () { return 1 }\n(2)',
    'export default function named() { return 1 }',
    'export default async function () { return 1 }',
    'export default async function named() { return 1 }',
    'export default (function () { return 1 })',
    'export default async () => 1',
    'named.x = 1; export default function named() { return named.x }',
  ])('%s', async (source) => expect(await ((await value(source)) as () => unknown)()).toBe(1));

  it('classes, named and not', async () => {
    expect(typeof (await value('export default class {}\n[1].length'))).toBe('function');
    expect(((await value('export default class Named {}')) as { name: string }).name).toBe('Named');
  });
});

describe('what only looks like an import or a comment', () => {
  it.each<[string, unknown]>([
    ['"a import(b) <!-- c --> d"', 'a import(b) <!-- c --> d'],
    ['"\\import(" + "\\\\import(" + "\\<!--" + "\\\\<!--"', 'import(\\import(<!--\\<!--'],
    ['`import(${1}) <!-- ${2} -->`', 'import(1) <!-- 2 -->'],
    ['String.raw`import(\\n${1}) <!-- ${2} \\u -->`', 'import(\\n1) <!-- 2 \\u -->'],
    ['/import (x)|<!--|-->/.test("import x")', true],
    ['/[<!--z]/.test("<")', true],
    ['({ import(a) { return a } }).import(3)', 3],
    ['({ async import (a) { return a } }).import.name', 'import'],
    ['({ import: 4 }).\nimport', 4],
    ['({ import: (a) => a }) . import (4)', 4],
    ['({ import: (a) => a }) ?. import (4)', 4],
    ['new (class { #import(a) { return a } go() { return this.#import(5) } })().go()', 5],
    ['new (class { static import = 1; import() { return 2 } })().import()', 2],
    ['(() => { let n = 3, c = 0; while (n-->0) c++; return c })()', 3],
    ['(() => { let n = 8; return n-->>1 })()', 4],
    ['(() => { let a = 1, b = 3; return a<!--b })()', false],
    ['/* import("x") <!-- */ 6 // import("y") -->', 6],
    ['({ import /* c */ : 7 }).import', 7],
    ['[...import.meta.url].length', 11],
    ['((s) => s)`import(` === ((s) => s)`import(`', false],
    ['(() => { const f = () => ((s) => s)`import(`; return f() === f() })()', true],
    ['new ((s) => class { v = s[0] })`import(`().v', 'import('],
    ['({ t(s, a) { return this.k + s.raw[0] + a }, k: 1 }).t`import(${"x"}`', '1import(x'],
    ['eval("1 + 1")', 2],
    ['({ eval: (x) => x }).eval("import(")', 'import('],
  ])('%s', async (source, expected) => {
    expect(await value(`export default ${source}`)).toEqual(expected);
  });

  it('keeps line numbers', async () => {
    const fail = (await value(
      'const a = String.raw`import(\n\n${1}`;\n/* <!--\n*/\nexport\ndefault function () {\n  throw new Error("x");\n}',
    )) as () => void;
    expect(() => fail()).toThrow('x');
    try {
      fail();
    } catch (error) {
      expect((error as Error).stack).toMatch(/plugin:test\/server\.js:8:/);
    }
  });

  it('does not collide with names the source uses', async () => {
    expect(
      await value('const $sodiumExports = 1; const $sodium1_ = 2; export default $sodiumExports + $sodium1_'),
    ).toBe(3);
  });
});

describe('what a plugin cannot say', () => {
  it.each([
    ['\nimport fs from "node:fs"', /^server\.js:2:1: cannot import "node:fs"/],
    ['import "./x.js"', /^server\.js:1:1: cannot import ".\/x.js"/],
    ['export * from "x"', /^server\.js:1:1: cannot import "x"/],
    ['export { a } from "x"', /^server\.js:1:1: cannot import "x"/],
    ['let a = 1;\nlet b = ;', /^server\.js:2:9: Unexpected token/],
    ['return 1', /^server\.js:1:1: 'return' outside of function/],
    ['('.repeat(200_000), /server\.js:1:\d+: (the code nests too deeply|Not enough stack space)/],
  ])('%.40s', (source, expected) => expect(problem(source)).toMatch(expected));

  it('dynamic import rejects with the refusal', async () => {
    const load = (await value('export default () => import("node:fs")')) as () => Promise<unknown>;
    await expect(load()).rejects.toThrow('refused node:fs');
  });
});
