import { join, relative, resolve } from 'node:path';
import { buildPlugin, type BuildOptions, type BuildResult } from '../build/index.js';
import { BuildError } from '../problems/problem.js';
import { relativeProblems } from '../problems/relative-problems.js';
import { formatSize } from '../terminal/format-size.js';
import { countProblems, showProblems } from '../terminal/show-problems.js';
import { ExitError, type CommandContext } from './command-context.js';

export interface BuildCommandOptions {
  readonly out?: string;
  readonly minify: boolean;
  readonly json?: boolean;
}

/** `sodium build`: makes an installable package in the plugin's `dist/`. */
export async function build(path: string, options: BuildCommandOptions, context: CommandContext): Promise<BuildResult> {
  const { terminal, cwd } = context;
  const folder = resolve(cwd, path);
  const started = performance.now();
  const outDir = options.out ? resolve(cwd, options.out) : join(folder, 'dist');
  const result = await buildOrExit(folder, outDir, { minify: options.minify }, { ...context, json: options.json });
  const warnings = relativeProblems(result.warnings, folder);
  if (options.json) {
    terminal.out(JSON.stringify({ ok: true, ...result, warnings }, null, 2));
    return result;
  }
  const { colors } = terminal;
  if (warnings.length > 0) terminal.err(showProblems(warnings, colors));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const where = relative(cwd, result.outDir) || '.';
  terminal.out(`${colors.green('✓')} Built ${result.id} ${result.version} into ${where} in ${seconds} s.`);
  for (const line of sizeLines(result)) terminal.out(`  ${line}`);
  return result;
}

/** Builds, or says what is wrong and ends the command. */
export async function buildOrExit(
  folder: string,
  outDir: string,
  options: BuildOptions,
  { terminal, json }: CommandContext & { json?: boolean },
): Promise<BuildResult> {
  const done = terminal.progress('Building');
  try {
    return await buildPlugin(folder, outDir, options);
  } catch (error) {
    done();
    if (!(error instanceof BuildError)) throw error;
    const problems = relativeProblems(error.problems, folder);
    if (json) terminal.out(JSON.stringify({ ok: false, problems }, null, 2));
    else terminal.err(`${showProblems(problems, terminal.colors)}\nNot built: ${countProblems(problems)}.`);
    throw new ExitError(1);
  } finally {
    done();
  }
}

/** The files that a browser or the sandbox loads; maps are for reading errors. */
function sizeLines({ files }: BuildResult): string[] {
  const shown = files.filter(({ file }) => !file.endsWith('.map'));
  const width = Math.max(...shown.map(({ file }) => file.length));
  return shown.map(
    ({ file, bytes, gzip }) => `${file.padEnd(width)}  ${formatSize(bytes).padStart(9)}  gzip ${formatSize(gzip)}`,
  );
}
