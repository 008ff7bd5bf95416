/**
 * The compartment refuses, by looking at the text alone, anything that looks like a dynamic import or an HTML comment,
 * also inside strings. These spellings mean the same and do not look like it.
 */
const REFUSED = /(^|[^.]|\.\.\.)\bimport(\s*(?:\(|\/[/*]))|<!--|-->/;

export const looksRefused = (text: string): boolean => REFUSED.test(text);

/** Inside a literal the text around is unknown, so every `import` and comment mark counts. */
const SUSPECT = /import|<!--|-->/;
export const isSuspect = (text: string): boolean => SUSPECT.test(text);

/** Escapes the raw text of a string, template or regular expression literal without changing its value. */
export function escapeLiteral(raw: string): string {
  return raw
    .replace(/(\\*)import/g, (_match, slashes: string) => hex(slashes, 'i') + 'mport')
    .replace(/(\\*)<!--/g, (_match, slashes: string) => hex(slashes, '<') + '!--')
    .replace(/-->/g, '--\\x3e');
}

/** An odd number of backslashes before a character escapes it already; the hex escape takes the last one's place. */
function hex(slashes: string, character: string): string {
  const kept = slashes.length % 2 === 1 ? slashes.slice(1) : slashes;
  return `${kept}\\x${character.charCodeAt(0).toString(16)}`;
}

/** A string literal that survives the text check. */
export const safeString = (value: string): string => escapeLiteral(JSON.stringify(value));
