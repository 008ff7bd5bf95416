import { createContext, Script } from 'node:vm';
import { wholePattern } from '@sodium/contract/settings';

/** Ordinary patterns take a fraction of a millisecond. */
const LONGEST_MS = 50;
const MOST_REMEMBERED = 1000;
const script = new Script('new RegExp(whole).test(text)');
const context = createContext({ whole: '', text: '' });
/** What took too long once is not tried again: a plugin could ask over and over. */
const tooSlow = new Set<string>();

/**
 * Whether all of a text matches a pattern that a plugin's manifest brings. Patterns exist that take for ever on a short
 * text, and this is the panel's own thread: after a moment the text counts as one that does not match.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  if (text === '') return true;
  if (tooSlow.has(pattern)) return false;
  Object.assign(context, { whole: wholePattern(pattern), text });
  try {
    return script.runInContext(context, { timeout: LONGEST_MS }) === true;
  } catch {
    if (tooSlow.size < MOST_REMEMBERED) tooSlow.add(pattern);
    return false;
  }
}
