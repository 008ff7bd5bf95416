/**
 * Splits a command line into words: spaces separate, single and double quotes keep words together, a backslash keeps
 * the next character. Nothing is expanded and no shell is involved. Returns null when a quote is left open.
 */
export function splitWords(line: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote: '"' | "'" | null = null;
  for (let index = 0; index < line.length; index++) {
    const character = line[index]!;
    if (quote !== null) {
      if (character === quote) quote = null;
      else if (character === '\\' && quote === '"' && index + 1 < line.length) word += line[++index]!;
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? '') + (character === '\\' && index + 1 < line.length ? line[++index]! : character);
    }
  }
  if (quote !== null) return null;
  if (word !== null) words.push(word);
  return words;
}
