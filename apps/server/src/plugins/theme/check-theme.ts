import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { themeOf, type Manifest } from '@sodium/sdk/manifest';
import type { FolderFault, FolderListing } from '../package/read-folder.js';
import { checkStylesheet } from './check-stylesheet.js';
import { contrastWarnings } from './contrast.js';

/** Everything that can be said of a package's theme: what keeps it out, and what its colours lack. */
export async function checkTheme(
  folder: string,
  manifest: Manifest,
  listing: FolderListing,
): Promise<{ faults: FolderFault[]; warnings: string[] }> {
  const theme = themeOf(manifest);
  if (!theme) return { faults: [], warnings: [] };
  const packageFiles = new Set(listing.entries.map((entry) => entry.path));
  const faults: FolderFault[] = [];
  const warnings: string[] = [];
  // A theme brings no CSS that is not checked; in other plugins `styles` stay inside their own views.
  const stylesheets =
    manifest.type === 'theme'
      ? [...packageFiles].filter((file) => file.startsWith('assets/') && file.endsWith('.css'))
      : [theme.stylesheet];
  for (const file of stylesheets.filter((name) => packageFiles.has(name))) {
    const { report, tree } = checkStylesheet(await readFile(path.join(folder, file), 'utf8'), file, packageFiles);
    faults.push(...report.faults);
    if (tree && report.faults.length === 0 && file === theme.stylesheet)
      warnings.push(...contrastWarnings(tree, file, theme.modes));
  }
  return { faults, warnings };
}
