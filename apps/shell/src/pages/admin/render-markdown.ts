import createPurify from 'dompurify';
import { marked } from 'marked';

const TAGS =
  'a b blockquote br code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img kbd li ol p pre s span strong sub summary sup table tbody td th thead tr ul';
/** No ids, names, classes or styles: a text of a stranger looks like a text, and like no part of this page. */
const ATTRIBUTES = ['href', 'src', 'alt', 'title', 'align', 'start', 'colspan', 'rowspan', 'open'];
/** Below the page's heading and the card's. */
const TOP_LEVEL = 3;

/** What a picture in a text names, as long as it is a file of the package; its address is never loaded. */
export const IMAGE_FILE = 'data-file';

/**
 * Markdown by somebody who is not trusted, as content that runs nothing, loads nothing and leads nowhere but to the web.
 * Pictures name their file in `data-file`.
 */
export function renderMarkdown(text: string): DocumentFragment {
  const purify = createPurify(window);
  // Before the content is part of any document that could load a picture.
  purify.addHook('afterSanitizeAttributes', (element) => {
    if (element.localName === 'img') holdPicture(element);
    if (element.localName === 'a') secureLink(element);
  });
  const content = purify.sanitize(marked.parse(text, { async: false, gfm: true }), {
    ALLOWED_TAGS: TAGS.split(' '),
    ALLOWED_ATTR: ATTRIBUTES,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
  for (const link of content.querySelectorAll('a:not([href])')) link.replaceWith(...link.childNodes);
  lowerHeadings(content);
  makeScrollable(content);
  return content;
}

function holdPicture(picture: Element): void {
  const file = packageFile(picture.getAttribute('src') ?? '');
  picture.removeAttribute('src');
  if (!picture.getAttribute('alt')) picture.setAttribute('alt', '');
  if (file !== null) picture.setAttribute(IMAGE_FILE, file);
}

/** The path of a file of the package, or null for what lies elsewhere. */
export function packageFile(address: string): string | null {
  if (/^[a-z][a-z0-9+.-]*:|^\/|^\\|^#/i.test(address)) return null;
  const [path = ''] = address.split(/[?#]/);
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return parts.length > 0 && !parts.includes('..') ? parts.map(decoded).join('/') : null;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function secureLink(link: Element): void {
  if (!/^https?:\/\//i.test(link.getAttribute('href') ?? '')) return link.removeAttribute('href');
  link.setAttribute('target', '_blank');
  link.setAttribute('rel', 'noreferrer noopener');
}

/** Each heading at most one level below the one before it, so that the outline of the page stays whole. */
function lowerHeadings(content: DocumentFragment): void {
  let last = TOP_LEVEL - 1;
  for (const heading of content.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
    const wanted = Number(heading.localName[1]) + TOP_LEVEL - 1;
    last = Math.min(wanted, last + 1, 6);
    const lowered = document.createElement(`h${last}`);
    lowered.append(...heading.childNodes);
    heading.replaceWith(lowered);
  }
}

function makeScrollable(content: DocumentFragment): void {
  for (const wide of content.querySelectorAll<HTMLElement>('pre')) wide.tabIndex = 0;
  for (const table of content.querySelectorAll('table')) {
    const frame = document.createElement('div');
    frame.className = 'so-markdown-table';
    frame.tabIndex = 0;
    table.replaceWith(frame);
    frame.append(table);
  }
}
