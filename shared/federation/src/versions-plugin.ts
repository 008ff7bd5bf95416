import { installedVersions } from './installed-versions.js';

const ID = 'virtual:sodium-shared-versions';

/** A Vite plugin for the shell: `import { versions } from 'virtual:sodium-shared-versions'` gives the installed versions. */
export function sharedVersionsPlugin(root: string): {
  name: string;
  resolveId(id: string): string | undefined;
  load(id: string): string | undefined;
} {
  return {
    name: 'sodium:shared-versions',
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load: (id) =>
      id === `\0${ID}` ? `export const versions = ${JSON.stringify(installedVersions(root))};` : undefined,
  };
}
