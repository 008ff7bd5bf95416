import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const cli = fileURLToPath(new URL('../..', import.meta.url));
// Inside the repository, so that the plugins find `lit` and `@sodium/sdk` as an author's do.
const cache = join(cli, 'dist');
let root: string;

beforeAll(async () => {
  const { bundleCli } = (await import(`${cli}/bundle-cli.mjs`)) as { bundleCli(): Promise<string> };
  await bundleCli();
  mkdirSync(cache, { recursive: true });
  root = mkdtempSync(join(cache, 'test-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Outcome {
  code: number;
  output: string;
}
const sodium = (...args: string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    execFile(process.execPath, [join(cli, 'dist/sodium.js'), ...args], (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr });
    });
  });

function plugin(id: string, files: Record<string, string | Buffer>, manifest: object = {}): string {
  const all = {
    'plugin.json': JSON.stringify({ id, name: id, version: '1.0.0', type: 'feature', sodium: '>=1.0.0', ...manifest }),
    ...files,
  };
  for (const [path, content] of Object.entries(all)) {
    mkdirSync(dirname(join(root, id, path)), { recursive: true });
    writeFileSync(join(root, id, path), content);
  }
  return join(root, id);
}
const read = (folder: string, path: string): string => readFileSync(join(folder, 'dist', path), 'utf8');
const manifestOf = (folder: string): { styles?: string[]; shared?: object } =>
  JSON.parse(read(folder, 'plugin.json')) as never;

const CLIENT = `
  import { LitElement, html } from 'lit';
  import { state } from 'lit/decorators.js';
  import { repeat } from 'lit/directives/repeat.js';
  import picture from './picture.png';
  import './style.css';
  class View extends LitElement {
    @state() private n = 0;
    render() { return html\`<img src=\${picture}>\${repeat([this.n], (n) => n)}\`; }
  }
  export default (sodium) => sodium.ui.registerPages({ '/x': { title: 'X', element: View, later: () => import('./later.js') } });
`;
const looks = (id: string): string =>
  plugin(id, {
    'src/client.ts': CLIENT,
    'src/later.ts': `export const later = 'comes later';`,
    'src/style.css': `.x { background: url('./picture.png') }`,
    'src/picture.png': Buffer.alloc(9000, 7),
    'README.md': '# Looks',
    'assets/icon.svg': '<svg/>',
  });

test('a client becomes one file, with its style sheet and its images beside it', async () => {
  const folder = looks('looks');
  expect((await sodium('build', folder)).output).toMatch(/Built looks 1\.0\.0/);
  const code = read(folder, 'client.js');
  expect(code).toContain('comes later');
  expect(code).not.toMatch(/import\s*\(\s*["'`]|from\s*["']/);
  const [style] = manifestOf(folder).styles!;
  const picture = readdirSync(join(folder, 'dist/assets')).find((name) => name.startsWith('picture-'))!;
  // In code relative to client.js, in the style sheet relative to the style sheet.
  expect(code).toContain(`assets/${picture}`);
  expect(read(folder, style!)).toContain(`url('./${picture}')`);
  expect(existsSync(join(folder, 'dist/README.md')) && existsSync(join(folder, 'dist/assets/icon.svg'))).toBe(true);
  expect(existsSync(join(folder, 'dist/src'))).toBe(false);
});

test('a client brings no Lit of its own and says which one it was built against', async () => {
  const folder = looks('shared');
  await sodium('build', folder);
  expect(read(folder, 'client.js')).not.toContain('litHtmlVersions');
  expect(manifestOf(folder).shared).toEqual({
    lit: expect.stringMatching(/^\^3\./),
    '@sodium/sdk': expect.stringMatching(/^\^1\./),
  });
});

test('building twice gives the same bytes', async () => {
  const folder = looks('twice');
  await sodium('build', folder, '--out', join(folder, 'one'));
  await sodium('build', folder, '--out', join(folder, 'two'));
  const files = (readdirSync(join(folder, 'one'), { recursive: true }) as string[]).filter((name) =>
    name.includes('.'),
  );
  expect(files).toContain('client.js');
  for (const name of files)
    expect(readFileSync(join(folder, 'one', name)).equals(readFileSync(join(folder, 'two', name)))).toBe(true);
});

test('one process builds client after client as a process for each would, also after one that fails', async () => {
  const [first, second] = [looks('stays-one'), looks('stays-two')];
  const bad = plugin('stays-bad', { 'src/client.ts': 'export default (' });
  const worker = fork(join(cli, 'dist/client-worker.js'), { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const build = async (folder: string): Promise<unknown> => {
    const outDir = join(folder, 'kept');
    worker.send({
      folder,
      id: basename(folder),
      entry: join(folder, 'src/client.ts'),
      outDir,
      minify: true,
      map: true,
    });
    return (await once(worker, 'message'))[0];
  };
  try {
    await Promise.all([first, second].map((folder) => sodium('build', folder)));
    for (const folder of [first, second, first]) {
      expect(await build(folder)).toMatchObject({ ok: true });
      expect(await build(bad)).toMatchObject({ ok: false, problems: [{ line: 1 }] });
      expect(readFileSync(join(folder, 'kept/client.js'), 'utf8')).toBe(read(folder, 'client.js'));
    }
  } finally {
    worker.disconnect();
    await once(worker, 'exit');
  }
});

test.each([
  ['export', `export { html } from 'lit'; export default () => {};`, /"export \{ html \} from.*second copy of "lit"/],
  ['dynamic', `export default async () => { await import('lit'); };`, /second copy of "lit"/],
  ['inner', `import { render } from 'lit-html'; export default () => render;`, /contains its own Lit/],
  [
    'private',
    `import 'lit/development/index.js'; export default () => {};`,
    /not among the modules that the panel shares/,
  ],
])('a client that would bring a second Lit is refused: %s', async (id, code, message) => {
  const folder = plugin(`lit-${id}`, { 'src/client.ts': code });
  const { code: exit, output } = await sodium('build', folder);
  expect(output).toMatch(message);
  expect(exit).toBe(1);
  expect(existsSync(join(folder, 'dist'))).toBe(false);
});

test('a server becomes one module without imports; modules of Node.js are refused', async () => {
  const folder = plugin('server-one', {
    'src/server.ts': `import { definePlugin } from '@sodium/sdk'; import { greeting } from './greeting.js'; export default definePlugin((s) => s.logger.info(greeting));`,
    'src/greeting.ts': `export const greeting: string = 'good day';`,
  });
  expect((await sodium('build', folder)).code).toBe(0);
  expect(read(folder, 'server.js')).toContain('good day');
  expect(read(folder, 'server.js')).not.toMatch(/^import /m);
  const map = JSON.parse(read(folder, 'server.js.map')) as { sources: string[] };
  expect(map.sources).toContain('src/greeting.ts');
  expect(map.sources.filter((source) => /^[./]/.test(source) || source.includes('server-one'))).toEqual([]);
  expect(map).not.toHaveProperty('sourcesContent');
  const bad = plugin('server-two', {
    'src/server.ts': `import { readFileSync } from 'fs'; export default () => readFileSync;`,
  });
  expect((await sodium('build', bad)).output).toMatch(/"fs" is a module of Node\.js/);
});

test('a plugin without a build step is packed as it is', async () => {
  const client = 'export default function (sodium) {\n  // kept as written\n}\n';
  const folder = plugin('written', { 'client.js': client, 'package.json': '{}', 'notes.ts': 'x', '.env': 'SECRET=1' });
  expect((await sodium('build', folder)).code).toBe(0);
  expect(read(folder, 'client.js')).toBe(client);
  expect(readdirSync(join(folder, 'dist')).sort()).toEqual(['client.js', 'plugin.json']);
});

test.each([
  [
    'syntax',
    { 'client.js': 'export default function ( {' },
    {},
    /client\.js:1:28: Unexpected token.*Correct the syntax/s,
  ],
  [
    'import',
    { 'client.js': `import { html } from 'lit';\nexport default () => html;` },
    {},
    /client\.js:1:1: cannot import "lit".*sodium\.lit/s,
  ],
  [
    'missing',
    { 'client.js': 'export default () => {}' },
    { styles: ['gone.css'] },
    /gone\.css is missing: "styles" names it/,
  ],
  [
    'double',
    { 'client.js': 'export default () => {}', 'src/client.ts': 'export default () => {}' },
    {},
    /Keep one of them/,
  ],
  ['manifest', {}, { version: 'one' }, /version.*"one"/s],
  [
    'path',
    { 'src/client.ts': "import { a } from './a.js';\nimport { b } from './gone.js';\nexport default () => [a, b];", 'src/a.ts': 'export const a = 1;' }, // prettier-ignore
    {},
    /src\/client\.ts:2:19: There is no file "\.\/gone\.js".*Correct the path/s,
  ],
  [
    'package',
    { 'src/client.ts': "import pad from '@left/pad/right';\nexport default () => pad;" },
    {},
    /src\/client\.ts:1:17: The package "@left\/pad" is not installed.*npm install @left\/pad/s,
  ],
  [
    'server-path',
    { 'src/server.ts': "import { gone } from './gone.js';\nexport default () => gone;" },
    {},
    /src\/server\.ts:1:22: There is no file "\.\/gone\.js"/,
  ],
])('faults are named with what to do: %s', async (id, files, manifest, message) => {
  const { code, output } = await sodium('build', plugin(`bad-${id}`, files as Record<string, string>, manifest));
  expect(output).toMatch(message);
  expect(code).toBe(1);
});

test('a failed build leaves the last good package in place', async () => {
  const folder = plugin('keeps', { 'client.js': 'export default () => {}' });
  await sodium('build', folder);
  writeFileSync(join(folder, 'client.js'), 'broken (');
  expect((await sodium('build', folder)).code).toBe(1);
  expect(read(folder, 'client.js')).toBe('export default () => {}');
});

test('what a client registers stands in the manifest where its author declared nothing and where it is sure', async () => {
  const registers = (more: string): string => `
    import { LitElement, html } from 'lit';
    import { customElement } from 'lit/decorators.js';
    const kept = localStorage.getItem('kept') ?? document.title;
    @customElement('recorded-view-${more.length}')
    class View extends LitElement { render() { return html\`\${kept}\`; } }
    export default (sodium) => {
      sodium.ui.registerPages({ '/x/:id': { title: 'X', icon: 'box', element: View } });
      sodium.ui.addSidebarItem({ label: 'X', href: '/x', badge: () => sodium.api.get('/count'), position: 'first' });
      sodium.ui.addDashboardWidget({ id: 'w', title: 'W', size: 'large', element: View });
      sodium.ui.addAdminTab({ id: 'a', label: 'A', subtabs: [{ id: 's', label: 'S' }], render: () => 'a' });
      ${more}
    };`;
  const found = {
    pages: [{ path: '/x/:id', title: 'X', icon: 'box' }],
    sidebar: [{ label: 'X', href: '/x', badge: true, position: 'first' }],
    widgets: [{ id: 'w', title: 'W', size: 'large' }],
    tabs: [],
    adminTabs: [{ id: 'a', label: 'A', subtabs: [{ id: 's', label: 'S' }] }],
  };
  const unsure = {
    listens: "sodium.live.on('server:state', () => undefined);",
    differs: "if (sodium.user.role === 'admin') sodium.ui.addServerTab({ id: 't', label: 'T', render: () => 't' });",
    fails: "throw new Error('not today');",
  };
  const declared = { contributes: { pages: [{ path: '/mine', title: 'Mine' }] } };
  const folders = {
    sure: plugin('sure', { 'src/client.ts': registers('') }),
    plain: plugin('plain', {
      'client.js':
        "export default (sodium) => sodium.ui.registerPages({ '/plain': { title: 'Plain', render: () => 1 } });",
    }),
    declared: plugin('declared', { 'src/client.ts': registers('0;') }, declared),
    ...Object.fromEntries(
      Object.entries(unsure).map(([id, more]) => [id, plugin(id, { 'src/client.ts': registers(more) })]),
    ),
  } as Record<string, string>;
  const outcomes = await Promise.all(Object.values(folders).map((folder) => sodium('build', folder)));
  expect(outcomes.map(({ code }) => code)).toEqual(outcomes.map(() => 0));
  const contributes = (id: string): unknown => (manifestOf(folders[id]!) as { contributes?: unknown }).contributes;
  expect(contributes('sure')).toEqual(found);
  expect(contributes('plain')).toMatchObject({ pages: [{ path: '/plain', title: 'Plain' }] });
  expect(contributes('declared')).toEqual(declared.contributes);
  for (const id of Object.keys(unsure)) expect(contributes(id), id).toBeUndefined();
}, 60_000);
