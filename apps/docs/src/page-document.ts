import { escapeHtml } from './escape-html.js';
import type { Page, Section } from './page.js';

export interface Surroundings {
  readonly sections: readonly Section[];
  readonly titles: ReadonlyMap<string, string>;
  /** Hashes of the style sheet and the script, so that they can be kept for ever. */
  readonly files: { readonly style: string; readonly script: string; readonly kitStyle: string; readonly kit: string };
}

/** The whole HTML document of a page. It has no inline script: the panel's policy allows none. */
export function pageDocument(page: Page, { sections, titles, files }: Surroundings): string {
  const order = sections.flatMap(({ slugs }) => slugs);
  const at = order.indexOf(page.slug);
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${escapeHtml(page.title)} · Sodium guide</title>
    <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
    <script src="/theme-boot.js"></script>
    ${page.isLive ? `<link rel="stylesheet" href="/docs/_/${files.kitStyle}" />` : ''}
    <link rel="stylesheet" href="/docs/_/${files.style}" />
    <script type="module" src="/docs/_/${files.script}"></script>
    ${page.isLive ? `<script type="module" src="/docs/_/${files.kit}"></script>` : ''}
  </head>
  <body>
    <a class="skip" href="#content">Skip to the content</a>
    <header class="bar">
      <button class="menu" type="button" aria-expanded="false" aria-controls="contents">Contents</button>
      <a class="brand" href="/docs/">Sodium <span>guide</span></a>
      <div class="search" role="search">
        <input type="search" placeholder="Search the guide" aria-label="Search the guide" autocomplete="off" spellcheck="false"
          role="combobox" aria-expanded="false" aria-controls="found" aria-autocomplete="list" />
        <kbd aria-hidden="true">/</kbd>
        <ul id="found" role="listbox" aria-label="Pages found" hidden></ul>
      </div>
      <button class="mode" type="button" aria-label="Change between light and dark"></button>
      <a class="panel" href="/">Panel</a>
    </header>
    <nav id="contents" class="contents" aria-label="Guide">${contents(page.slug, sections, titles)}</nav>
    <main id="content" tabindex="-1">
      <article>${page.html}</article>
      <nav class="pager" aria-label="Next and previous page">${pager(order[at - 1], 'Previous', titles)}${pager(order[at + 1], 'Next', titles)}</nav>
    </main>
    <aside class="here" aria-label="On this page">${onThisPage(page)}</aside>
  </body>
</html>
`;
}

const address = (slug: string): string => `/docs/${slug}`;

function contents(current: string, sections: readonly Section[], titles: ReadonlyMap<string, string>): string {
  const item = (slug: string): string =>
    `<li><a href="${address(slug)}"${slug === current ? ' aria-current="page"' : ''}>${escapeHtml(titles.get(slug)!)}</a></li>`;
  return sections
    .map(({ title, slugs }) => `<h2>${escapeHtml(title)}</h2><ul>${slugs.map(item).join('')}</ul>`)
    .join('');
}

function pager(slug: string | undefined, label: string, titles: ReadonlyMap<string, string>): string {
  if (slug === undefined) return '<span></span>';
  return `<a href="${address(slug)}" rel="${label === 'Next' ? 'next' : 'prev'}"><small>${label}</small>${escapeHtml(titles.get(slug)!)}</a>`;
}

function onThisPage({ headings }: Page): string {
  const shown = headings.filter(({ level }) => level === 2 || level === 3);
  if (shown.length < 2) return '';
  const items = shown.map(
    ({ id, level, text }) => `<li class="level-${level}"><a href="#${id}">${escapeHtml(text)}</a></li>`,
  );
  return `<h2>On this page</h2><ul>${items.join('')}</ul>`;
}
