import { createContext, Script } from 'node:vm';
import { wholePattern } from '@sodium/contract/settings';

/**
 * How long each attempt may take. Ordinary patterns take a fraction of a millisecond, but the clock goes on while a busy
 * machine lets this process wait: only what is too slow each time is too slow.
 */
const LONGEST_MS = [20, 60, 180];
const MOST_REMEMBERED = 1000;
/** What took too long is not tried again for a while: a plugin could ask over and over. */
const REMEMBERED_MS = 10 * 60_000;
const script = new Script('new RegExp(whole).test(text)');
const context = createContext({ whole: '', text: '' });
const tooSlow = new Map<string, number>();

/**
 * Whether all of a text matches a pattern that a plugin's manifest brings. Patterns exist that take for ever on a short
 * text, and this is the panel's own thread: after a moment the text counts as one that does not match.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  if (text === '') return true;
  if ((tooSlow.get(pattern) ?? 0) > Date.now()) return false;
  Object.assign(context, { whole: wholePattern(pattern), text });
  for (const timeout of LONGEST_MS) {
    const verdict = attempt(timeout);
    if (verdict !== 'late') return verdict;
  }
  for (const [old, until] of tooSlow) if (until <= Date.now()) tooSlow.delete(old);
  if (tooSlow.size < MOST_REMEMBERED) tooSlow.set(pattern, Date.now() + REMEMBERED_MS);
  return false;
}

function attempt(timeout: number): boolean | 'late' {
  try {
    return script.runInContext(context, { timeout }) === true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? 'late' : false;
  }
}
