import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { inRoot } from './paths.mjs';

/**
 * What a browser fetches before it can show something, in kB after gzip. `lazy` are the parts that the entry asks for at
 * once, by the names of their files. A budget that is exceeded is a decision to make, not a number to raise.
 */
const BUDGETS = [
  {
    what: 'user area until the dashboard',
    entry: 'index',
    lazy: ['shell', 'user-routes', 'plugin-host', 'app', 'dashboard'],
    most: 105,
  },
  { what: 'admin area until its overview', entry: 'admin', lazy: ['overview'], most: 75 },
  { what: 'frame of a plugin’s admin tab', entry: 'frame', lazy: [], most: 60 },
  // Browsers keep nothing of a sealed frame: each preview fetches all of it.
  { what: 'frame of a preview until the dashboard', entry: 'preview', lazy: ['shell', 'dashboard'], most: 115 },
];

/** Measures the shell's build. Throws with every budget that is exceeded. */
export function checkSizes(directory = inRoot('apps/shell/dist/web/assets'), say = console.log) {
  const over = [];
  for (const { what, entry, lazy, most } of BUDGETS) {
    const files = closure(directory, [entry, ...lazy]);
    const size =
      [...files].reduce((sum, file) => sum + gzipSync(readFileSync(`${directory}/${file}`), { level: 9 }).length, 0) /
      1000;
    say(`${what}: ${size.toFixed(1)} kB in ${files.size} files (at most ${most} kB)`);
    if (size > most) over.push(`${what} weighs ${size.toFixed(1)} kB after gzip, at most ${most} kB are allowed.`);
  }
  if (over.length > 0)
    throw Object.assign(new Error(`${over.join('\n')}\nLoad less at start, or import it where it is used.`), {
      exitCode: 1,
    });
}

/** The files with these names, with all that they import statically, and their style sheets. */
function closure(directory, names) {
  const all = readdirSync(directory);
  const found = new Set();
  const add = (file) => {
    if (found.has(file)) return;
    found.add(file);
    for (const [, next] of readFileSync(`${directory}/${file}`, 'utf8').matchAll(
      /(?:from|import)\s*"\.\/([\w.-]+\.js)"/g,
    ))
      add(next);
  };
  const isNamed = (file) => names.some((name) => new RegExp(`^${name}-[\\w-]{8}\\.(js|css)$`).test(file));
  for (const file of all.filter(isNamed)) {
    if (file.endsWith('.js')) add(file);
    else found.add(file);
  }
  return found;
}
