import { registerIconLibrary } from '@awesome.me/webawesome/dist/components/icon/library.js';
import { html, type TemplateResult } from 'lit';
import { CORE_ICONS } from './core-icons.js';

const core = new Set<string>(CORE_ICONS);

/** The kit's own names for the icons inside its elements. */
const SYSTEM: Record<string, string> = {
  xmark: 'x',
  'circle-xmark': 'circle-x',
  'eye-slash': 'eye-off',
  'circle-question': 'circle-help',
  eyedropper: 'pipette',
  'eye-dropper': 'pipette',
};

function iconAddress(name: string): string {
  if (core.has(name)) return `/icons/core.svg#${name}`;
  return /^[a-z][a-z0-9-]{0,60}$/.test(name) ? `/icons/${name}.svg#icon` : '/icons/core.svg#puzzle';
}

let symbolAddress = iconAddress;

/** A sealed frame may not draw symbols of another file: it puts them into its own document and tells where. */
export function useSymbolAddresses(address: (name: string) => string): void {
  symbolAddress = address;
}

/** A Lucide icon by its name. It says nothing by itself: give the control a name in words. */
export function icon(name: string): TemplateResult {
  return html`<svg class="so-icon" aria-hidden="true"><use href=${symbolAddress(name)}></use></svg>`;
}

/** Without a view box a sprite's image would be as wide as a browser likes. */
const mutator = (svg: SVGElement): void => svg.setAttribute('viewBox', '0 0 24 24');

/** Makes `<wa-icon name="…">` draw Lucide icons from this panel and never from elsewhere. */
export function useLocalIcons(): void {
  registerIconLibrary('default', { resolver: iconAddress, mutator, spriteSheet: true });
  registerIconLibrary('system', { resolver: (name) => iconAddress(SYSTEM[name] ?? name), mutator, spriteSheet: true });
}
