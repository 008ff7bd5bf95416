import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { bundleCli } from '../../cli/bundle-cli.mjs';
import { inRoot } from '../../tasks/lib/paths.mjs';

const TEMPLATE = 'bench-template';

const WORDS = JSON.stringify(Array.from({ length: 900 }, (_, index) => `word${index}`));

/** The view of a plugin of ordinary size: an element with decorators and directives, and 8 kB of its own. */
const VIEW = `import { html, LitElement } from 'lit';
import { state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
const WORDS = ${WORDS};
export class BenchView extends LitElement {
  @state() count = 20;
  firstUpdated() {
    dispatchEvent(new CustomEvent('bench:drawn', { detail: { id: '${TEMPLATE}', element: this } }));
  }
  render() {
    return html\`<h2>${TEMPLATE} is here</h2><ul>\${repeat(WORDS.slice(0, this.count), (word) => html\`<li>\${word}</li>\`)}</ul>\`;
  }
}
`;

/** The plugin: that view as a page, and a sidebar item. */
const SOURCE = `${VIEW}
export default (sodium) => {
  sodium.ui.registerPages({ '/${TEMPLATE}': { title: '${TEMPLATE}', element: BenchView } });
  sodium.ui.addSidebarItem({ label: '${TEMPLATE}', href: '/${TEMPLATE}' });
};
`;

/** The same view as a plain module, which finds the page's Lit in `benchShared`. */
async function plainModule() {
  const { outputFiles } = await build({
    stdin: { contents: VIEW, loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false } },
    plugins: [{ name: 'lit-of-the-page', setup: fromThePage }],
  });
  return outputFiles[0].text;
}

const IMPORTED = { lit: 'html, LitElement', 'lit/decorators.js': 'state', 'lit/directives/repeat.js': 'repeat' };

function fromThePage(bundle) {
  bundle.onResolve({ filter: /^lit/ }, ({ path }) => ({ path, namespace: 'page' }));
  bundle.onLoad({ filter: /./, namespace: 'page' }, ({ path }) => ({
    contents: `export const { ${IMPORTED[path]} } = globalThis.benchShared[${JSON.stringify(path)}];`,
  }));
}

const MANIFEST = {
  id: TEMPLATE,
  name: TEMPLATE,
  version: '1.0.0',
  type: 'feature',
  author: 'Sodium',
  description: 'Made to be measured.',
  sodium: '>=1.0.0',
  permissions: ['ui:pages', 'ui:sidebar'],
  hooks: [],
  settings: {},
  contributes: {
    pages: [{ path: `/${TEMPLATE}`, title: TEMPLATE }],
    sidebar: [{ label: TEMPLATE, href: `/${TEMPLATE}` }],
  },
};

/** Writes `count` plugins into `directory`: one is built as authors build theirs, the others are that one by another name. */
export async function generatePlugins(count, directory) {
  const template = await builtTemplate();
  const ids = Array.from({ length: count }, (_, index) => `bench-${String(index).padStart(3, '0')}`);
  for (const id of ids) {
    const target = path.join(directory, id);
    cpSync(template, target, { recursive: true });
    for (const file of ['plugin.json', 'client.js', 'assets/plain.js']) {
      writeFileSync(path.join(target, file), readFileSync(path.join(target, file), 'utf8').replaceAll(TEMPLATE, id));
    }
  }
  return ids;
}

/** The template, built by the authors' command and kept until its source or the command changes. */
async function builtTemplate() {
  const plain = await plainModule();
  const key = createHash('sha256')
    .update(SOURCE + plain + JSON.stringify(MANIFEST) + (await bundleCli()))
    .digest('hex')
    .slice(0, 16);
  const kept = inRoot('node_modules/.cache/sodium', `bench-plugin-${key}`);
  if (existsSync(path.join(kept, 'assets/plain.js'))) return kept;
  const folder = inRoot('apps/shell/dist', TEMPLATE);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.join(folder, 'src'), { recursive: true });
  writeFileSync(path.join(folder, 'plugin.json'), JSON.stringify(MANIFEST));
  writeFileSync(path.join(folder, 'src/client.ts'), SOURCE);
  execFileSync(process.execPath, [inRoot('apps/cli/dist/sodium.js'), 'build', folder, '--out', kept], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  mkdirSync(path.join(kept, 'assets'), { recursive: true });
  writeFileSync(path.join(kept, 'assets/plain.js'), plain);
  rmSync(folder, { recursive: true, force: true });
  return kept;
}
