import type { RegistryEntry } from '@sodium/contract';
import type { ClientSodium } from '@sodium/sdk';
import { staysWhenMoved } from './stays-when-moved.js';

/** Tags by class, for all versions of all plugins on this page. */
const tags = new WeakMap<CustomElementConstructor, string>();

/**
 * Defines an element under a tag that names its plugin and version. Elements cannot be redefined, so the next version,
 * or the same one loaded again after a failure, needs a tag of its own. The same class twice gives the same tag.
 */
export function defineElement(entry: RegistryEntry, name: string, element: CustomElementConstructor): string {
  const known = tags.get(element);
  if (known) return known;
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    throw new Error(
      `sodium.define("${name}"): a name has lower-case letters, digits and dashes, and starts with a letter.`,
    );
  }
  const owned = name === entry.id || name.startsWith(`${entry.id}-`) ? name : `${entry.id}-${name}`;
  const base = `${owned}-${entry.hash
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 8)}`;
  let tag = base;
  for (let copy = 2; customElements.get(tag); copy += 1) tag = `${base}-${copy}`;
  staysWhenMoved(element);
  customElements.define(tag, element);
  tags.set(element, tag);
  return tag;
}

/** Where `SodiumElement` of the SDK finds its plugin. The name is a contract between the two. */
const SODIUM = Symbol.for('sodium.element');

/** Gives a class of a plugin its `sodium`, before the first element of it is made. */
export function giveSodium(element: CustomElementConstructor, sodium: ClientSodium): void {
  if (!Object.hasOwn(element, SODIUM)) Object.defineProperty(element, SODIUM, { value: sodium });
}

/** As above, for a class that its author may have defined already, with `@customElement` for example. */
export function ensureDefined(entry: RegistryEntry, name: string, element: CustomElementConstructor): void {
  try {
    defineElement(entry, name, element);
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'NotSupportedError')) throw error;
  }
}
