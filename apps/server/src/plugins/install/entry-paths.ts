import type { FolderFault } from '../package/read-folder.js';

const MAX_PATH_LENGTH = 240;
const MAX_SEGMENT_BYTES = 200;
const MAX_DEPTH = 16;
// eslint-disable-next-line no-control-regex -- control characters are what this refuses
const CONTROL = /[\u0000-\u001f\u007f]/;
const DEVICES = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** Says why a file must not be unpacked under this name, or null. What the name means on other systems counts too. */
export function pathFault(name: string): FolderFault | null {
  const problem = problemOf(name);
  if (!problem) return null;
  const shown = JSON.stringify(name.slice(0, MAX_PATH_LENGTH));
  return {
    path: name.slice(0, MAX_PATH_LENGTH),
    message: `The entry ${shown} ${problem}.`,
    fix: 'Pack the files of the plugin’s folder with plain relative names, for instance with "sodium pack".',
  };
}

function problemOf(name: string): string | null {
  if (name === '') return 'has no name';
  if (CONTROL.test(name)) return 'has control characters in its name';
  if (name.includes('\uFFFD')) return 'has a name that is not valid UTF-8';
  if (name.includes('\\')) return 'has a backslash in its name';
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) return 'has an absolute path';
  if (name.length > MAX_PATH_LENGTH) return `has a name of more than ${MAX_PATH_LENGTH} characters`;
  const segments = name.replace(/\/$/, '').split('/');
  if (segments.includes('..') || segments.includes('.')) return 'leads out of its folder';
  if (segments.includes('')) return 'has an empty part in its path';
  if (segments.length > MAX_DEPTH) return `lies more than ${MAX_DEPTH} folders deep`;
  if (segments.some((segment) => Buffer.byteLength(segment) > MAX_SEGMENT_BYTES))
    return `has a part of more than ${MAX_SEGMENT_BYTES} bytes in its path`;
  if (segments.some((segment) => /[. ]$/.test(segment) || DEVICES.test(segment) || segment.includes(':')))
    return 'has a name that not every system can keep';
  return null;
}

/** What packers add by themselves, and what a plugin's folder may hold without being part of it. */
export function isIgnored(name: string): boolean {
  return name
    .split('/')
    .some((segment) => segment.startsWith('.') || segment === '__MACOSX' || segment === 'node_modules');
}

/** Two names that are one on a system that does not tell case, or one that is a file and a folder at once. */
export function clashFaults(names: readonly string[]): FolderFault[] {
  const faults: FolderFault[] = [];
  const files = new Map<string, string>();
  for (const name of names) {
    const other = files.get(folded(name));
    if (other !== undefined)
      faults.push(
        clash(
          name,
          other === name
            ? `The entry "${name}" is there twice.`
            : `The entries "${other}" and "${name}" differ only in case or spelling.`,
        ),
      );
    files.set(folded(name), name);
  }
  for (const name of names) {
    for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) {
      if (files.has(folded(name.slice(0, at))))
        faults.push(clash(name, `"${name.slice(0, at)}" is a file and a folder at once.`));
    }
  }
  return faults;
}

const folded = (name: string): string => name.normalize('NFC').toLowerCase();

const clash = (path: string, message: string): FolderFault => ({
  path,
  message,
  fix: 'Give every file of the package a name of its own.',
});
