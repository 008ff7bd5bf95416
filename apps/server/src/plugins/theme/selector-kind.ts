import { PART_STATES, THEME_PARTS } from '@sodium/sdk/theme';

export type SelectorKind = 'root' | 'part';
type Verdict = { kind: SelectorKind } | { kind: 'refused'; why: string; fix: string };

const ROOT = String.raw`(?::root(?:\[data-theme="?(?:light|dark)"?\])?|\[data-theme="?(?:light|dark)"?\])`;
const ROOT_ONLY = new RegExp(`^${ROOT}$`);
const PART = new RegExp(`^(?:${ROOT} )?([a-z]+(?:-[a-z]+)+)::part\\(([a-z-]+)\\)((?::[a-z-]+)*)$`);

/** What a selector, in its shortest spelling, is allowed to set. */
export function selectorKind(selector: string): Verdict {
  if (ROOT_ONLY.test(selector)) return { kind: 'root' };
  const part = PART.exec(selector);
  if (!part) {
    const why = 'it may reach :root, [data-theme="light"], [data-theme="dark"] and the public parts';
    return {
      kind: 'refused',
      why,
      fix: 'Set tokens (--sodium-…) on :root, or style a part such as wa-button::part(base).',
    };
  }
  const [, tag = '', name = '', states = ''] = part;
  const parts: readonly string[] = Object.hasOwn(THEME_PARTS, tag) ? THEME_PARTS[tag as keyof typeof THEME_PARTS] : [];
  if (!parts.includes(name)) {
    const known =
      parts.length > 0
        ? `The parts of "${tag}" are ${parts.join(', ')}`
        : `The elements with parts are ${Object.keys(THEME_PARTS).join(', ')}`;
    return { kind: 'refused', why: `"${name}" is not a public part of "${tag}"`, fix: `${known}.` };
  }
  const unknown = states.split(':').find((state) => state !== '' && !PART_STATES.includes(state));
  if (unknown === undefined) return { kind: 'part' };
  return {
    kind: 'refused',
    why: `the state ":${unknown}" is not public`,
    fix: `The states are ${PART_STATES.map((state) => `:${state}`).join(', ')}.`,
  };
}
