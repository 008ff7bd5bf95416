import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { InlinePlugin } from '@sodium/sdk/testing';
import type { PluginPackage } from '@sodium/sdk/testing/host';

/** Never part of a package that was written by hand. */
const LEFT_OUT =
  /(^|[/\\])(\.[^/\\]*|node_modules|dist|src|tests|package(-lock)?\.json|[^/\\]*\.test\.[jt]s|[^/\\]*\.ts)$/;

/** Puts a package into the panel's folder of plugins, under its id. Returns its manifest. */
export async function placePackage(
  directory: string,
  source: PluginPackage,
): Promise<{ id: string; permissions: string[] }> {
  const manifest = 'folder' in source ? await manifestIn(source.folder) : manifestOf(source.inline);
  const target = path.join(directory, String(manifest.id));
  await mkdir(target, { recursive: true });
  if ('folder' in source) {
    const filter = (file: string): boolean =>
      file === source.folder || !LEFT_OUT.test(path.relative(source.folder, file));
    await cp(source.folder, target, { recursive: true, filter });
  } else await writeFiles(target, manifest, source.inline);
  const permissions = Array.isArray(manifest.permissions) ? (manifest.permissions as string[]) : [];
  return { id: String(manifest.id), permissions };
}

async function manifestIn(folder: string): Promise<Record<string, unknown>> {
  const file = path.join(folder, 'plugin.json');
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new Error(`The plugin cannot be tested: ${file} cannot be read (${error.message}).`, { cause: error });
  });
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as Record<string, unknown>;
  } catch (error) {
    throw new Error(`The plugin cannot be tested: ${file} is not valid JSON (${(error as Error).message}).`, {
      cause: error,
    });
  }
}

function manifestOf({ manifest = {} }: InlinePlugin): Record<string, unknown> {
  const id = manifest.id ?? 'test-plugin';
  return { id, name: id, version: '1.0.0', type: 'feature', sodium: '>=1.0.0', ...manifest };
}

async function writeFiles(
  target: string,
  manifest: Record<string, unknown>,
  { server, client, files }: InlinePlugin,
): Promise<void> {
  const all = {
    'plugin.json': JSON.stringify(manifest, null, 2),
    ...(server !== undefined && { 'server.js': server }),
    ...(client !== undefined && { 'client.js': client }),
    ...files,
  };
  for (const [file, text] of Object.entries(all)) {
    await mkdir(path.dirname(path.join(target, file)), { recursive: true });
    await writeFile(path.join(target, file), text);
  }
}
