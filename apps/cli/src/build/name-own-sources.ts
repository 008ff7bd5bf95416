import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';

/** Names the sources as seen from the plugin's folder, wherever that lies; of packages only what is inside of them. */
export function nameOwnSources(folder: string, mapFile: string): void {
  const map = JSON.parse(readFileSync(mapFile, 'utf8')) as { sources: string[] };
  map.sources = map.sources.map((source) => {
    const path = relative(folder, join(dirname(mapFile), source)).replaceAll('\\', '/');
    // What the first pass made lies in a folder of a moment.
    const made = /(?:^|\/)sodium-build-[^/]+\/(.*)$/.exec(path)?.[1];
    if (made) return `sodium-build/${made}`;
    const inPackage = path.lastIndexOf('node_modules/');
    if (inPackage >= 0) return path.slice(inPackage);
    return isAbsolute(path) ? path.slice(path.lastIndexOf('/') + 1) : path.replace(/^(?:\.\.\/)+/, '');
  });
  writeFileSync(mapFile, JSON.stringify(map));
}
