#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { runBuild } from './commands/build.js';
import { runValidate } from './commands/validate.js';

const COMMANDS: Record<string, { usage: string; run(args: string[]): Promise<void> }> = {
  build: { usage: 'sodium build [folder] [--out <folder>] [--no-minify]', run: runBuild },
  validate: { usage: 'sodium validate [folder]', run: runValidate },
};

const USAGE = `Usage:\n${Object.values(COMMANDS)
  .map(({ usage }) => `  ${usage}`)
  .join('\n')}`;

async function main(): Promise<void> {
  const { positionals } = parseArgs({ args: process.argv.slice(2, 3), allowPositionals: true, strict: false });
  const command = COMMANDS[positionals[0] ?? ''];
  if (!command) {
    console.error(USAGE);
    process.exitCode = 2;
    return;
  }
  await command.run(process.argv.slice(3));
}

main().catch((error: Error) => {
  // Faults of the plugin and of the command line speak for themselves; anything else is a fault of this program.
  const known = error.name === 'BuildError' || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  console.error(known ? error.message : error);
  process.exitCode = 1;
});
