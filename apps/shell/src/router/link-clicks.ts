/**
 * Turns clicks on links of this panel into navigation without a page load, also inside shadow roots. Left to the browser:
 * other sites, downloads, new tabs, modified clicks, and links marked `data-native`.
 */
export function catchLinkClicks(root: Document | HTMLElement, navigate: (to: string) => void): () => void {
  const onClick = (event: Event): void => {
    const to = destinationOf(event as MouseEvent);
    if (to === null) return;
    event.preventDefault();
    navigate(to);
  };
  root.addEventListener('click', onClick);
  return () => root.removeEventListener('click', onClick);
}

const NATIVE = /^\/(api|plugins|preview|docs|metrics|healthz|readyz|icons|assets)(\/|$)/;

function destinationOf(event: MouseEvent): string | null {
  if (event.defaultPrevented || event.button !== 0) return null;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.composedPath().find((node): node is HTMLAnchorElement => node instanceof HTMLAnchorElement);
  if (!link?.href || link.hasAttribute('download') || link.hasAttribute('data-native')) return null;
  if (link.target && link.target !== '_self') return null;
  const url = new URL(link.href, location.href);
  if (url.origin !== location.origin || NATIVE.test(url.pathname)) return null;
  if (isAdmin(url.pathname) !== isAdmin(location.pathname)) return null;
  if (url.hash && url.pathname === location.pathname && url.search === location.search) return null;
  return url.pathname + url.search + url.hash;
}

/** The admin area is a document of its own: the way in and out is a page load. */
function isAdmin(path: string): boolean {
  return /^\/admin(\/|$)/.test(path);
}
