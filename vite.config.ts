/// <reference types="vitest/config" />
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { adminDocument } from './apps/shell/vite-plugins/admin-document.js';
import { lucideIcons } from './apps/shell/vite-plugins/lucide-icons.js';
import { sharedVersionsPlugin } from './shared/federation/src/versions-plugin.js';

const root = fileURLToPath(new URL('apps/shell', import.meta.url));
const panel = process.env.SODIUM_PANEL_URL ?? 'http://127.0.0.1:3001';
const toPanel = ['/plugins', '/preview', '/docs', '/packages', '/healthz', '/readyz', '/metrics'];

/** One file for what both documents always need; pages, charts, the console and most of the kit come when they are used. */
const SHELL =
  /apps\/shell\/src\/(api|live|theme)\/|apps\/shell\/src\/(shell|shell-element|start-shell)\.ts|src\/router\/(router|link-clicks)\.ts/;
const SHELL_UI =
  /src\/(layout\/(frame|navigation|outlet)|ui\/(confirm|core-icons|format|icon|server-badge|states|toasts))\.ts/;

/** What the frames of plugins use too, without the shell around it. */
const FRAME_TOO = /src\/api\/api-error\.ts|vite\/preload-helper|webawesome\/dist\/components\/icon\/library/;

/** The words for permissions and hooks: small, and wanted together by the loader of plugins and by the admin's pages. */
const CATALOGUES = /shared\/sdk\/src\/(hooks|permissions)\.ts/;

function chunkOf(id: string): string | undefined {
  if (/node_modules\/(lit|lit-html|lit-element|@lit|navigo)\//.test(id) || FRAME_TOO.test(id)) return 'base';
  if (SHELL.test(id) || SHELL_UI.test(id)) return 'shell';
  if (CATALOGUES.test(id)) return 'catalogues';
  return undefined;
}

export default defineConfig({
  root,
  plugins: [lucideIcons(), sharedVersionsPlugin(root), adminDocument(panel)],
  // Frames load the same files below an address of their own, so files name each other by where they lie.
  experimental: { renderBuiltUrl: (_file, { hostType }) => (hostType === 'html' ? undefined : { relative: true }) },
  build: {
    outDir: `${root}/dist/web`,
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // Fonts and images stay files: the content policy lets no data address be fetched.
    assetsInlineLimit: 0,
    rollupOptions: {
      input: Object.fromEntries(['index', 'admin', 'frame', 'preview'].map((name) => [name, `${root}/${name}.html`])),
      output: { manualChunks: chunkOf },
    },
  },
  server: {
    port: 3000,
    strictPort: true,
    proxy: {
      '/api': { target: panel, ws: true },
      ...Object.fromEntries(toPanel.map((path) => [path, { target: panel }])),
    },
  },
  test: {
    projects: [
      {
        root: fileURLToPath(new URL('.', import.meta.url)),
        test: {
          name: 'node',
          environment: 'node',
          include: [
            'apps/{server,cli,docs,tasks}/**/*.test.ts',
            'shared/**/*.test.ts',
            'plugins/*/{server,tests}/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', '**/dist/**'],
          testTimeout: 30_000,
        },
      },
      {
        root: fileURLToPath(new URL('.', import.meta.url)),
        test: {
          name: 'browser',
          environment: 'happy-dom',
          include: ['apps/shell/**/*.test.ts', 'plugins/*/{src,client}/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
        },
      },
    ],
  },
});
