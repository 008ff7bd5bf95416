import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Marked, type Token } from 'marked';
import { fileOf } from './render-page.js';

/** A code block of the guide, as it is written there. */
export interface GuideBlock {
  /** The page it stands on: `tutorials/theme`. */
  readonly slug: string;
  readonly language: string;
  /** The file that the reader is told to put it into. */
  readonly file: string | null;
  readonly code: string;
}

/** All code blocks of the guide in `folder`, page by page and from top to bottom. */
export async function guideBlocks(folder: string): Promise<GuideBlock[]> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.md')).sort();
  const pages = await Promise.all(
    files.map(async (file) => blocksOf(file.replace(/\.md$/, ''), await readFile(path.join(folder, file), 'utf8'))),
  );
  return pages.flat();
}

function blocksOf(slug: string, markdown: string): GuideBlock[] {
  const marked = new Marked();
  const blocks: GuideBlock[] = [];
  marked.walkTokens(marked.lexer(markdown), (token: Token) => {
    if (token.type !== 'code') return;
    const info = String(token.lang ?? '');
    blocks.push({ slug, language: info.split(' ')[0] ?? '', file: fileOf(info), code: String(token.text) });
  });
  return blocks;
}
