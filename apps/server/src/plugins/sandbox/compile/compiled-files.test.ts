import { mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { builtSandbox } from '../testing/built-sandbox.js';
import { CompileCache } from './compile-cache.js';
import { CompiledFiles } from './compiled-files.js';
import { INLINE_CHARACTERS } from './run-compiler.js';

const LARGE = `export default () => 1;\n${'/* padding */\n'.repeat(INLINE_CHARACTERS / 10)}`;
const key = (letter: string): string => letter.repeat(64);

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'sodium-compiled-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('compiled sources on disk', () => {
  it('give back what was written, and nothing that was torn or changed since', async () => {
    const files = new CompiledFiles(folder);
    await files.write(key('a'), 'the text ✓');
    expect(await files.read(key('a'))).toBe('the text ✓');
    const file = path.join(folder, `${key('a')}.js`);
    const whole = await readFile(file);
    await truncate(file, whole.length - 1);
    expect(await files.read(key('a'))).toBeNull();
    await writeFile(file, whole.toString().replace('text', 'test'));
    expect(await files.read(key('a'))).toBeNull();
    await writeFile(file, '');
    expect(await files.read(key('a'))).toBeNull();
    expect(await files.read(key('b'))).toBeNull();
  });

  it('stay within their size: what was not used for longest goes, drafts of a crash too', async () => {
    const files = new CompiledFiles(folder, 1000);
    await writeFile(path.join(folder, 'left-behind.tmp'), 'x');
    for (const [index, letter] of ['a', 'b', 'c'].entries()) {
      await files.write(key(letter), letter.repeat(400));
      const then = new Date(Date.now() - 60_000 + index * 1000);
      await utimes(path.join(folder, `${key(letter)}.js`), then, then).catch(() => undefined);
      if (letter === 'b') await files.read(key('a'));
    }
    expect((await readdir(folder)).sort()).toEqual([`${key('a')}.js`, `${key('c')}.js`]);
  });

  it('cost nothing but speed when their folder cannot be written', async () => {
    await writeFile(path.join(folder, 'file'), '');
    const files = new CompiledFiles(path.join(folder, 'file', 'below'));
    await files.write(key('a'), 'x');
    expect(await files.read(key('a'))).toBeNull();
  });

  it('save the next start the compiler, unless they are broken', async () => {
    const sandbox = await builtSandbox();
    const cache = new CompileCache(sandbox, folder);
    const first = await cache.compile('demo', LARGE);
    await cache.close();
    const stored = async (): Promise<string[]> => (await readdir(folder)).filter((name) => name.endsWith('.js'));
    expect(await stored()).toHaveLength(1);
    const [name] = await stored();
    // A marker that only a file read back can bring.
    await new CompiledFiles(folder).write(name!.slice(0, 64), 'read back');
    expect(await new CompileCache(sandbox, folder).compile('demo', LARGE)).toBe('read back');
    await truncate(path.join(folder, name!), 70);
    const mended = new CompileCache(sandbox, folder);
    expect(await mended.compile('demo', LARGE)).toBe(first);
    await mended.close();
    const last = new CompileCache(sandbox, folder);
    expect(await last.compile('other', LARGE)).toContain('plugin:other/server.js');
    await last.close();
    expect(await stored()).toHaveLength(2);
  });
});
