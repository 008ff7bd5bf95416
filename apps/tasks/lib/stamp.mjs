import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inRoot, root } from './paths.mjs';

const SKIPPED = new Set(['node_modules', 'dist', 'test-results', '.git']);

/** The sha256 over the paths and contents of files and folders, given relative to the project's root. */
export function hashOf(inputs) {
  const hash = createHash('sha256').update(process.version.split('.')[0]);
  for (const input of [...inputs].sort()) addTo(hash, inRoot(input));
  return hash.digest('hex');
}

function addTo(hash, absolute) {
  if (!existsSync(absolute)) return;
  if (!statSync(absolute).isDirectory()) {
    hash.update(path.relative(root, absolute)).update('\0').update(readFileSync(absolute));
    return;
  }
  for (const name of readdirSync(absolute).sort()) {
    if (!SKIPPED.has(name) && !name.endsWith('.test.ts')) addTo(hash, path.join(absolute, name));
  }
}

const stampFile = (name) => inRoot('node_modules', '.cache', 'sodium', `${name}.stamp`);

/** Does `work` unless its inputs are as they were the last time and its output is there. */
export async function unlessFresh(name, inputs, output, work) {
  const hash = hashOf(inputs);
  const file = stampFile(name);
  if (existsSync(output) && existsSync(file) && readFileSync(file, 'utf8') === hash) return false;
  await work();
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, hash);
  return true;
}
