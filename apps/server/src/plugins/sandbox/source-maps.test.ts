import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestSandbox, until, type TestPlugin, type TestSandbox } from './testing/sandbox-fixture.js';

/** Throws in line 4, column 9; what comes before it moves columns when the module is compiled. */
const AUTHORED = `// written in another form than it runs in
const odd: string = 'import(x) <!-- y';
export function fail(text: string): never {
  throw new Error(text + odd.length);
}
`;
const ENTRY = `import { fail } from './lib/fail.js';
export default (sodium: any) => ({
  go: async () => {
    fail('gone wrong ');
  },
  log: () => { try { fail('logged ') } catch (error) { console.error(error); console.log('after') } },
  flood: () => { for (let i = 0; i < 40; i++) console.error('at x (plugin:mapped/server.js:' + (i + 1) + ':1)'); },
});
`;

let sandbox: TestSandbox;
beforeAll(async () => void (sandbox = await openTestSandbox()));
afterAll(() => sandbox.close());

async function bundled(options: {
  minify: boolean;
  sourcemap: 'external' | 'inline';
}): Promise<{ code: string; map: string }> {
  const folder = path.join(sandbox.directory, 'authored');
  await mkdir(path.join(folder, 'src/lib'), { recursive: true });
  await writeFile(path.join(folder, 'src/lib/fail.ts'), AUTHORED);
  await writeFile(path.join(folder, 'src/server.ts'), ENTRY);
  const { outputFiles } = await build({
    absWorkingDir: folder, entryPoints: ['src/server.ts'], outfile: 'server.js', bundle: true, format: 'esm', write: false, sourcesContent: false, ...options,
  }); // prettier-ignore
  const text = (end: string): string => outputFiles.find((file) => file.path.endsWith(end))?.text ?? '';
  return { code: text('.js'), map: text('.map') };
}

/** Its panel-side log after a failed call, once it holds a stack. */
async function failedLog(plugin: TestPlugin): Promise<string> {
  await expect(plugin.instance.method('go', [], [])).rejects.toThrow('gone wrong');
  await until('the failure is logged', () => plugin.logs.some(({ source }) => source === 'panel'));
  return plugin.logs.find(({ source }) => source === 'panel')!.text;
}

async function withMap(code: string, map: string, id = 'mapped'): Promise<TestPlugin> {
  const plugin = await sandbox.plugin(code, { id });
  await writeFile(path.join(sandbox.directory, id, 'server.js.map'), map);
  await plugin.instance.activate();
  return plugin;
}

describe('stacks of plugins', () => {
  it.each([true, false])(
    'name the author’s own file and line by the map beside server.js (minified: %s)',
    async (minify) => {
      const { code, map } = await bundled({ minify, sourcemap: 'external' });
      const plugin = await withMap(code, map);
      const text = await failedLog(plugin);
      expect(text).toMatch(/plugin:mapped\/src\/lib\/fail\.ts:4:9/);
      expect(text).toMatch(/plugin:mapped\/src\/server\.ts:4:5/);
      expect(text).not.toContain('server.js:');
      await plugin.instance.stop(0);
    },
  );

  it('name them by a map inside of server.js, also in what the plugin logs, in the order of the log', async () => {
    const { code } = await bundled({ minify: true, sourcemap: 'inline' });
    const plugin = await sandbox.plugin(code, { id: 'inline' });
    await plugin.instance.activate();
    await plugin.instance.method('log', [], []);
    await until('both lines are there', () => plugin.logs.length >= 2);
    expect(plugin.logs[0]!.text).toMatch(/logged 16[^]*plugin:inline\/src\/lib\/fail\.ts:4:9/);
    expect(plugin.logs[1]!.text).toBe('after');
    await plugin.instance.stop(0);
  });

  it('stay as they are without a map, and are logged at once', async () => {
    const { code } = await bundled({ minify: false, sourcemap: 'external' });
    const plugin = await sandbox.plugin(code, { id: 'mapless' });
    await plugin.instance.activate();
    expect(await failedLog(plugin)).toMatch(/plugin:mapless\/server\.js:\d+:\d+/);
    await plugin.instance.stop(0);
  });

  it.each([
    ['no JSON', '{'],
    ['of another kind', '[]'],
    ['without mappings', '{"version":3,"sources":[]}'],
    ['with mappings that are none', '{"version":3,"sources":["a"],"mappings":"\\u0000!!!"}'],
    ['with sources that are no text', '{"version":3,"sources":[{"toString":1}],"mappings":"AAAA;AAAA;AAAA;AAAA"}'],
    [
      'of sections',
      '{"version":3,"sections":[{"offset":{"line":-1,"column":0},"map":{"version":3,"sources":[],"mappings":""}}]}',
    ],
    ['of empty lines alone', `{"version":3,"sources":[],"mappings":"${';'.repeat(15e6)}"}`],
    ['beyond the limit', ' '.repeat(17e6)],
  ])('stay as they are when the map is broken: %s', { timeout: 20_000 }, async (name, map) => {
    const { code } = await bundled({ minify: false, sourcemap: 'external' });
    const plugin = await withMap(code, map, `broken-${name.replaceAll(' ', '-').toLowerCase()}`);
    expect(await failedLog(plugin)).toMatch(/gone wrong[^]*plugin:broken-[a-z-]+\/server\.js:\d+:\d+/);
    await plugin.instance.stop(0);
  });

  it('cannot be made to name places outside of the plugin or to break the lines of the log', async () => {
    const { code, map } = await bundled({ minify: false, sourcemap: 'external' });
    const sources = ['../../../../etc/passwd', 'file:///root/a\nb) at (c'];
    const plugin = await withMap(code, JSON.stringify({ ...(JSON.parse(map) as object), sources }), 'hostile');
    const text = await failedLog(plugin);
    expect(text).toContain('plugin:hostile/etc/passwd:4:9');
    expect(text).toContain('plugin:hostile/root/a_b__at__c:');
    await plugin.instance.stop(0);
  });

  it('lose no line when errors have many places', { timeout: 20_000 }, async () => {
    const { code, map } = await bundled({ minify: true, sourcemap: 'external' });
    const plugin = await withMap(code, map);
    await plugin.instance.method('flood', [], []);
    await until('all lines are there', () => plugin.logs.length === 40);
    expect(plugin.logs.filter(({ text }) => /plugin:mapped\/.*:\d+:\d+\)/.test(text)).length).toBe(40);
    await plugin.instance.stop(0);
  });
});
