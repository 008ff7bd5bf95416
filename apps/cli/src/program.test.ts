import { readFileSync } from 'node:fs';
import { beforeAll, expect, test, vi } from 'vitest';

// What the bundler puts in.
vi.stubGlobal('CLI_VERSION', '1.0.0');
vi.stubGlobal('OVERLAY_CODE', '');
const page = readFileSync(new URL('../../docs/guide/authors/command.md', import.meta.url), 'utf8');
let commands: readonly { name(): string; options: readonly { flags: string }[] }[];

beforeAll(async () => {
  const { createProgram } = await import('./program.js');
  const { createTerminal } = await import('./terminal/terminal.js');
  commands = createProgram({ terminal: createTerminal({}), cwd: '/', env: {} }).commands;
});

test('the guide describes every command with all its options, and no other', () => {
  const described = [...page.matchAll(/^## sodium (\w+)$([\s\S]*?)(?=^## |$(?![\s\S]))/gm)].map(
    ([, name, text]) => [name!, [...text!.matchAll(/^\| `(-[^`]*)`/gm)].map(([, flags]) => flags!).sort()] as const,
  );
  const real = commands.map((command) => [command.name(), command.options.map(({ flags }) => flags).sort()] as const);
  expect(Object.fromEntries(described)).toEqual(Object.fromEntries(real));
});
