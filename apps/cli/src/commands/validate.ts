import { relative, resolve } from 'node:path';
import { checkFolder } from '../check/check-folder.js';
import { countProblems, showProblems } from '../terminal/show-problems.js';
import { ExitError, type CommandContext } from './command-context.js';

export interface ValidateOptions {
  readonly json?: boolean;
}

/** `sodium validate`: everything that the panel would refuse, and what it would warn of. Exit code 1 when there are errors. */
export async function validate(path: string, options: ValidateOptions, context: CommandContext): Promise<void> {
  const { terminal, cwd } = context;
  const done = terminal.progress('Checking');
  const verdict = await checkFolder(resolve(cwd, path)).finally(done);
  if (options.json) {
    terminal.out(JSON.stringify(verdict, null, 2));
  } else {
    const { colors } = terminal;
    if (verdict.problems.length > 0) terminal.err(showProblems(verdict.problems, colors));
    const what = verdict.id ? `${verdict.id} ${verdict.version}` : relative(cwd, resolve(cwd, path)) || '.';
    const count = countProblems(verdict.problems);
    if (verdict.ok) terminal.out(`${colors.green('✓')} ${what} is valid (${count}).`);
    else terminal.err(`${colors.red('✗')} ${what} would be refused: ${count}.`);
  }
  if (!verdict.ok) throw new ExitError(1);
}
