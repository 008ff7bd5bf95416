const MOST_CHARACTERS = 100;
/** Control characters, and those that turn the direction of text or take no room. */
// eslint-disable-next-line no-control-regex -- these are what is to be removed
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+/g;
const MARKUP = /[\\`*_{}[\]()#+\-.!|>~<:@&]/g;

/** Text of others as Discord shows it literally: no markup, no links, no mentions, one line. */
export function escapeText(text: string, most = MOST_CHARACTERS): string {
  const line = text.replace(INVISIBLE, ' ').replace(/\s+/g, ' ').trim();
  return shorten(line, most).replace(MARKUP, '\\$&');
}

/** Cuts whole characters, and says that something is missing. */
export function shorten(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

/** As `shorten`, by the units in which limits are counted, for text in which escapes may stand. */
export function fit(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '');
  const trailing = /\\*$/.exec(cut)![0].length;
  return `${trailing % 2 === 1 ? cut.slice(0, -1) : cut}…`;
}
