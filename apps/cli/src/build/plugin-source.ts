import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '@sodium/sdk/manifest';
import { checkManifest } from '../check/check-manifest.js';
import { BuildError } from '../problems/problem.js';

/** A file that the build makes, or one that the author wrote as it is to run. */
export type Part = { kind: 'built'; entry: string } | { kind: 'written'; file: string };

export interface PluginSource {
  readonly folder: string;
  readonly manifest: Manifest;
  /** The text of plugin.json, to be written out with what the build adds. */
  readonly manifestJson: Record<string, unknown>;
  readonly client: Part | null;
  readonly server: Part | null;
}

/** Reads a plugin's folder: its manifest, and where its two halves come from. */
export function readPluginSource(folder: string): PluginSource {
  const { manifest, problems } = checkManifest(folder);
  if (!manifest) throw new BuildError(problems);
  const text = readFileSync(join(folder, 'plugin.json'), 'utf8');
  return {
    folder,
    manifest,
    manifestJson: JSON.parse(text.replace(/^\uFEFF/, '')) as Record<string, unknown>,
    client: findPart(folder, 'client'),
    server: findPart(folder, 'server'),
  };
}

function findPart(folder: string, name: 'client' | 'server'): Part | null {
  const sources = [`src/${name}.ts`, `src/${name}.js`, `${name}.ts`]
    .map((path) => join(folder, path))
    .filter(existsSync);
  const written = join(folder, `${name}.js`);
  if (existsSync(written)) sources.push(written);
  if (sources.length > 1) {
    throw new BuildError(
      `Both ${sources.join(' and ')} exist, and each could be the plugin's ${name}. Keep one of them.`,
    );
  }
  if (sources.length === 0) return null;
  return sources[0] === written ? { kind: 'written', file: written } : { kind: 'built', entry: sources[0]! };
}
