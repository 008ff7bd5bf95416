import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checkPackage } from '../build/index.js';

/** `sodium validate`: checks an installable package (a built one, or a plugin that needs no build). */
export async function runValidate(args: string[]): Promise<void> {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  const folder = resolve(positionals[0] ?? '.');
  for (const warning of checkPackage(folder)) console.warn(`Warning: ${warning}`);
  console.log(`${folder} is a valid package.`);
}
