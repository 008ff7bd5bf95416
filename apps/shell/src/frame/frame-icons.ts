import { registerIconLibrary } from '@awesome.me/webawesome/dist/components/icon/library.js';

/**
 * A sealed frame may not draw symbols of another file, so its icons are fetched and put into the page. The files are
 * sprites with one symbol: what it holds becomes the picture itself.
 */
export function useFrameIcons(prefix: string): void {
  const resolver = (name: string): string =>
    `${prefix}/icons/${/^[a-z][a-z0-9-]{0,60}$/.test(name) ? name : 'puzzle'}.svg`;
  registerIconLibrary('default', { resolver, mutator: unwrap });
  registerIconLibrary('system', { resolver: (name) => resolver(SYSTEM[name] ?? name), mutator: unwrap });
}

/** The kit's own names for the icons inside its elements. */
const SYSTEM: Record<string, string> = {
  xmark: 'x',
  'circle-xmark': 'circle-x',
  'eye-slash': 'eye-off',
  'circle-question': 'circle-help',
  eyedropper: 'pipette',
  'eye-dropper': 'pipette',
};

function unwrap(svg: SVGElement): void {
  const symbol = svg.querySelector('symbol');
  if (!symbol) return;
  for (const name of ['viewBox', 'fill', 'stroke', 'stroke-width', 'stroke-linecap', 'stroke-linejoin']) {
    const value = symbol.getAttribute(name);
    if (value !== null) svg.setAttribute(name, value);
  }
  symbol.replaceWith(...symbol.childNodes);
}
