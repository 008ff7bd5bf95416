import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';

/** Names the sources of a map as seen from the plugin's folder, wherever that lies. */
export function nameOwnSources(folder: string, mapFile: string): void {
  const map = JSON.parse(readFileSync(mapFile, 'utf8')) as { sources: string[] };
  map.sources = map.sources.map((source) => ownName(relative(folder, join(dirname(mapFile), source))));
  writeFileSync(mapFile, JSON.stringify(map));
}

/**
 * The bundler writes the ways to its inputs into what it makes: as comments, and as names of older modules. They must
 * not tell how far away packages are installed, or the same sources would give other bytes there.
 */
export function nameOwnInputs(file: string, inputs: readonly string[]): void {
  let code = readFileSync(file, 'utf8');
  for (const input of inputs.filter((path) => path.startsWith('../') || path.includes('node_modules/')))
    code = code
      .replaceAll(`// ${input}\n`, `// ${ownName(input)}\n`)
      .replaceAll(`${JSON.stringify(input)}(`, `${JSON.stringify(ownName(input))}(`);
  writeFileSync(file, code);
}

/** Of packages only what is inside of them; of the author's files the way from the plugin's folder. */
function ownName(file: string): string {
  const path = file.replaceAll('\\', '/');
  // What the first pass made lies in a folder of a moment.
  const made = /(?:^|\/)sodium-build-[^/]+\/(.*)$/.exec(path)?.[1];
  if (made) return `sodium-build/${made}`;
  const inPackage = path.lastIndexOf('node_modules/');
  if (inPackage >= 0) return path.slice(inPackage);
  return isAbsolute(path) ? path.slice(path.lastIndexOf('/') + 1) : path.replace(/^(?:\.\.\/)+/, '');
}
