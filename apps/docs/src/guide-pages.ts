import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page, PageSource } from './page.js';
import { referencePages } from './reference/index.js';
import { renderPage } from './render-page.js';

/** Every page of the guide of `root` (`apps/docs`): those that are written, and those that are made from the SDK. */
export async function guidePages(root: string): Promise<Page[]> {
  const sources = [
    ...(await writtenPages(path.join(root, 'guide'))),
    ...(await referencePages(path.join(root, '../../shared/sdk/src'))),
  ];
  return sources.map(renderPage);
}

async function writtenPages(folder: string): Promise<PageSource[]> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.md'));
  return Promise.all(
    files.sort().map(async (file) => ({
      slug: file === 'index.md' ? '' : file.replaceAll('\\', '/').replace(/\.md$/, ''),
      markdown: await readFile(path.join(folder, file), 'utf8'),
    })),
  );
}
