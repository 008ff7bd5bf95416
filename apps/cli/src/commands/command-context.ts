import type { Terminal } from '../terminal/terminal.js';

/** What every command is given. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Ends a command with this exit code; what there was to say has been said. */
export class ExitError extends Error {
  constructor(readonly code: 1 | 2) {
    super(`exit ${code}`);
  }
}

/** Something about the call, its surroundings or the panel, to be told without a stack: exit code 2. */
export class UsageError extends Error {
  constructor(
    message: string,
    readonly fix = '',
  ) {
    super(message);
  }
}
