import { CORE_ICONS } from '../ui/core-icons.js';

const core = new Set<string>(CORE_ICONS);
const ID = 'so-symbol-';

/**
 * The shell's icons in a frame: each sprite is fetched once and put into the document, whose symbols may be drawn. One
 * that is named before it is there appears when it arrives.
 */
export function symbolsBelow(prefix: string): (name: string) => string {
  const fetched = new Map<string, Promise<void>>();
  const bring = (file: string): void => {
    if (!fetched.has(file)) fetched.set(file, insert(`${prefix}/icons/${file}.svg`, file));
  };
  bring('core');
  return (wanted) => {
    const name = /^[a-z][a-z0-9-]{0,60}$/.test(wanted) ? wanted : 'puzzle';
    if (!core.has(name)) bring(name);
    return `#${ID}${name}`;
  };
}

/** Without its icons a page is still a page: what cannot be fetched is left out. */
async function insert(address: string, file: string): Promise<void> {
  const response = await fetch(address).catch(() => null);
  if (!response?.ok) return;
  const sprite = new DOMParser().parseFromString(await response.text(), 'image/svg+xml').documentElement;
  for (const symbol of sprite.querySelectorAll('symbol')) symbol.id = ID + (file === 'core' ? symbol.id : file);
  sprite.setAttribute('style', 'display: none');
  sprite.setAttribute('aria-hidden', 'true');
  document.body.prepend(document.importNode(sprite, true));
}
