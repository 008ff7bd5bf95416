import path from 'node:path';
import type { CssNode, Url } from 'css-tree';
import type { StylesheetReport } from './stylesheet-report.js';

const TYPES = {
  image: ['.png', '.jpg', '.jpeg', '.webp', '.avif', '.gif', '.svg'],
  font: ['.woff2', '.woff', '.ttf', '.otf'],
} as const;

/** Refuses every address but a relative one of an existing file under the theme's own assets/. */
export function checkOwnAsset(url: Url, use: keyof typeof TYPES, report: StylesheetReport, at: CssNode = url): void {
  const written = url.value;
  const say = (problem: string, fix: string): void =>
    report.refuse(url.loc ? url : at, `"url(${written.slice(0, 80)})" is not allowed in a theme: ${problem}.`, fix);
  if (!/^[A-Za-z0-9._@/-]+$/.test(written) || written.startsWith('/')) {
    return say(
      'it does not name a file of the theme',
      'Put the file under assets/ and name it relative to the stylesheet, such as url(fonts/inter.woff2).',
    );
  }
  const file = path.posix.normalize(path.posix.join(path.posix.dirname(report.file), written));
  if (!file.startsWith('assets/')) return say('it leads out of assets/', 'Put the file under assets/.');
  if (!report.packageFiles.has(file))
    return say(`there is no ${file}`, 'Add the file or correct its name; upper and lower case count.');
  if (!TYPES[use].some((type) => file.toLowerCase().endsWith(type)))
    say(`it is no ${use}`, `Use a file of type ${TYPES[use].join(', ')}.`);
}
