import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { OPERATIONS, openApiDocument } from '@sodium/contract/http';
import { manifestJsonSchema } from '@sodium/sdk/manifest';
import { build as bundle } from 'esbuild';
import { brokenLinks } from './check-links.js';
import { guidePages } from './guide-pages.js';
import { pageDocument } from './page-document.js';
import type { Page, Section } from './page.js';
import { searchIndex } from './search-index.js';

/** Builds the guide of `root` (`apps/docs`) into `target`, which is replaced as a whole. */
export async function buildDocs(root: string, target: string): Promise<void> {
  const sections = JSON.parse(await readFile(path.join(root, 'guide/contents.json'), 'utf8')) as Section[];
  const pages = await guidePages(root);
  checkContents(pages, sections);
  const next = `${target}-next`;
  await rm(next, { recursive: true, force: true });
  await mkdir(path.join(next, '_'), { recursive: true });
  const files = {
    style: await writeStyle(root, next),
    script: await writeScript(root, next, 'site'),
    kitStyle: await writeKitStyle(root, next),
    kit: await writeScript(root, next, 'gallery'),
  };
  const titles = new Map(pages.map(({ slug, title }) => [slug, title]));
  for (const page of pages) {
    const file = path.join(next, `${page.slug || 'index'}.html`);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, pageDocument(page, { sections, titles, files }));
  }
  await writeFile(path.join(next, '_/search.json'), searchIndex(pages));
  await writeFile(path.join(next, '_/openapi.json'), await openApi(root));
  await writeFile(path.join(next, '_/plugin.schema.json'), JSON.stringify(manifestJsonSchema(), null, 2));
  await cp(path.join(root, 'pictures'), path.join(next, '_/pictures'), { recursive: true, force: true });
  await rm(target, { recursive: true, force: true });
  await rename(next, target);
}

/** The description of the HTTP interface, for tools. */
async function openApi(root: string): Promise<string> {
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string };
  return JSON.stringify(openApiDocument(OPERATIONS, version), null, 2);
}

/** A page that nobody finds and a link that leads nowhere are faults of the build, not surprises of a reader. */
function checkContents(pages: readonly Page[], sections: readonly Section[]): void {
  const listed = new Set(sections.flatMap(({ slugs }) => slugs));
  const known = new Set(pages.map(({ slug }) => slug));
  const faults = [
    ...[...listed].filter((slug) => !known.has(slug)).map((slug) => `contents.json lists "${slug}", which is no page.`),
    ...[...known].filter((slug) => !listed.has(slug)).map((slug) => `contents.json does not list the page "${slug}".`),
    ...brokenLinks(pages),
  ];
  if (faults.length > 0) throw new Error(`The guide cannot be built:\n${faults.join('\n')}`);
}

/** The shell's tokens first: the guide looks like the panel. */
async function writeStyle(root: string, target: string): Promise<string> {
  const tokens = await readFile(path.join(root, '../shell/src/theme/tokens.css'), 'utf8');
  const style = await readFile(path.join(root, 'src/site/site.css'), 'utf8');
  return writeHashed(target, 'guide', 'css', `${tokens}\n${style}`);
}

/** The kit drawn from the tokens, for the pages that show it. */
async function writeKitStyle(root: string, target: string): Promise<string> {
  const kit = await readFile(path.join(root, '../shell/src/theme/kit.css'), 'utf8');
  const contents = `@import '@awesome.me/webawesome/dist/styles/themes/default.css';\n${kit}`;
  const { outputFiles } = await bundle({ ...BUNDLE, stdin: { contents, resolveDir: root, loader: 'css' } });
  return writeHashed(target, 'kit', 'css', outputFiles[0]!.text);
}

async function writeScript(root: string, target: string, name: string): Promise<string> {
  const { outputFiles } = await bundle({ ...BUNDLE, entryPoints: [path.join(root, `src/site/${name}.ts`)] });
  return writeHashed(target, name, 'js', outputFiles[0]!.text);
}

const BUNDLE = {
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  write: false,
  logLevel: 'warning',
} as const;

async function writeHashed(target: string, name: string, extension: string, text: string): Promise<string> {
  const file = `${name}-${createHash('sha256').update(text).digest('hex').slice(0, 12)}.${extension}`;
  await writeFile(path.join(target, '_', file), text);
  return file;
}
