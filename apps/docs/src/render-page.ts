import path from 'node:path/posix';
import GithubSlugger from 'github-slugger';
import highlighter from 'highlight.js';
import { Marked, type RendererObject, type Tokens } from 'marked';
import { escapeHtml } from './escape-html.js';
import type { Heading, Page, PageSource } from './page.js';

/** Turns a page's Markdown into HTML. Links between pages are written as relative paths of their files. */
export function renderPage(source: PageSource): Page {
  const links: string[] = [];
  const headings: Heading[] = [];
  const marked = new Marked({ renderer: rendererOf(source.slug, links, headings) });
  const html = marked.parse(source.markdown, { async: false });
  const title = headings.find(({ level }) => level === 1)?.text;
  if (!title) throw new Error(`The page "${source.slug}" has no heading of the first level.`);
  return { ...source, title, html, headings, links, isLive: html.includes('<div class="demo">') };
}

function rendererOf(slug: string, links: string[], headings: Heading[]): RendererObject {
  const slugger = new GithubSlugger();
  const tables = new GithubSlugger();
  return {
    code: codeBlock,
    heading({ depth, tokens, text }) {
      const heading = { id: slugger.slug(plain(text)), level: depth, text: plain(text) };
      headings.push(heading);
      return `<h${depth} id="${heading.id}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
    },
    link({ href, tokens }) {
      const address = guideAddress(slug, href);
      if (address !== null) links.push(address);
      const target = address === null ? href : `/docs/${address}`;
      return `<a href="${escapeHtml(target)}">${this.parser.parseInline(tokens)}</a>`;
    },
    // A wide table scrolls by itself, and can be scrolled by the keyboard.
    table({ header, rows }) {
      const row = (cells: Tokens.TableCell[], tag: string): string =>
        `<tr>${cells.map(({ tokens }) => cell(this.parser.parseInline(tokens), tag)).join('')}</tr>`;
      const body = rows.map((cells) => row(cells, 'td')).join('');
      // Regions are told apart by their names: that of the heading above, and a number from the second on.
      const label = `Table: ${escapeHtml(tables.slug(headings.at(-1)?.text ?? 'page').replaceAll('-', ' '))}`;
      const table = `<table><thead>${row(header, 'th')}</thead><tbody>${body}</tbody></table>`;
      return `<div class="table" tabindex="0" role="region" aria-label="${label}">${table}</div>\n`;
    },
  };
}

/** A column without a name has no heading. */
const cell = (html: string, tag: string): string => (html === '' ? '<td></td>' : `<${tag}>${html}</${tag}>`);

/** The name of a code block's file stands in its first line: ```ts file=src/client.ts */
export function fileOf(info: string): string | null {
  return /\bfile=(\S+)/.exec(info)?.[1] ?? null;
}

/** A block of HTML that the page shows as it looks, above its code: ```html live */
const isLive = (info: string): boolean => /^html\b.*\blive\b/.test(info);

function codeBlock({ text, lang }: Tokens.Code): string {
  const info = lang ?? '';
  const file = fileOf(info);
  const caption = file ? `<figcaption>${escapeHtml(file)}</figcaption>` : '';
  const language = info.split(' ')[0] || 'text';
  const live = isLive(info) ? `<div class="demo">${text}</div>\n` : '';
  const code = highlighter.getLanguage(language) ? highlighter.highlight(text, { language }).value : escapeHtml(text);
  return `${live}<figure class="code">${caption}<pre tabindex="0"><code class="language-${escapeHtml(language)}">${code}</code></pre></figure>\n`;
}

/** `../concepts/preview.md#report` from `start/admins` is `concepts/preview#report`; null for other addresses. */
function guideAddress(slug: string, href: string): string | null {
  if (/^[a-z]+:/i.test(href) || href.startsWith('/')) return null;
  const [file = '', fragment] = href.split('#');
  const target = file === '' ? slug : path.join(path.dirname(slug), file.replace(/\.md$/, ''));
  const address = target === 'index' ? '' : target;
  return fragment === undefined ? address : `${address}#${fragment}`;
}

const plain = (markdown: string): string =>
  markdown
    .replaceAll(/`([^`]*)`/g, '$1')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[*_]{1,2}([^*_]+)[*_]{1,2}/g, '$1')
    .trim();
