import { describe, expect, it } from 'vitest';
import { brokenLinks } from './check-links.js';
import { renderPage } from './render-page.js';

const page = (slug: string, markdown: string): ReturnType<typeof renderPage> => renderPage({ slug, markdown });

describe('a page of the guide', () => {
  it('takes its title from the first heading and gives each heading an address', () => {
    const { title, headings } = page('a', '# The `sodium` *command*\n\n## Twice\n\n## Twice');
    expect(title).toBe('The sodium command');
    expect(headings.map(({ id }) => id)).toEqual(['the-sodium-command', 'twice', 'twice-1']);
  });

  it('refuses a page without a title', () => {
    expect(() => page('nameless', 'Text alone')).toThrow('"nameless" has no heading');
  });

  it('follows links between files, and leaves addresses of elsewhere as they are', () => {
    const { html, links } = page(
      'start/users',
      '# T\n[a](../concepts/preview.md#report) [b](https://example.com/) [c](/admin)',
    );
    expect(links).toEqual(['concepts/preview#report']);
    expect(html).toContain('href="/docs/concepts/preview#report"');
    expect(html).toContain('href="https://example.com/"');
  });

  it('shows the name of a code block’s file, and never lets its code become markup', () => {
    const { html } = page('a', '# T\n\n```html file=a<b.html\n<script>alert(1)</script>\n```');
    expect(html).toContain('<figcaption>a&lt;b.html</figcaption>');
    expect(html).not.toContain('<script');
  });
});

describe('links of the guide', () => {
  it('names pages and headings that are not there', () => {
    const pages = [page('', '# Home\n[x](a.md) [y](a.md#gone) [z](b.md)'), page('a', '# A\n[home](index.md#home)')];
    expect(brokenLinks(pages)).toEqual(['index: "a" has no heading "#gone".', 'index: there is no page "b".']);
  });
});
