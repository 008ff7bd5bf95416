import type { Manifest } from '@sodium/sdk/manifest';

/** Never `server.js` or `plugin.json`: they are the panel's. */
export function isForBrowsers(plugin: { manifest: Manifest; hasFile(file: string): boolean }, file: string): boolean {
  const { manifest } = plugin;
  if (!plugin.hasFile(file)) return false;
  if (file === 'client.js' || file === 'client.js.map' || file.startsWith('assets/')) return true;
  return [...manifest.styles, manifest.icon, ...(manifest.screenshots ?? [])].includes(file);
}
