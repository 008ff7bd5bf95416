import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPlugin } from '../build/index.js';

/** `sodium build`: makes an installable package in the plugin's `dist/`. */
export async function runBuild(args: string[]): Promise<void> {
  const options = { out: { type: 'string' }, minify: { type: 'boolean', default: true } } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true, allowNegative: true });
  const folder = resolve(positionals[0] ?? '.');
  const result = await buildPlugin(folder, values.out ?? join(folder, 'dist'), { minify: values.minify });
  for (const warning of result.warnings) console.warn(`Warning: ${warning}`);
  console.log(`Built ${result.id} ${result.version} into ${relative(process.cwd(), result.outDir) || '.'}.`);
}
