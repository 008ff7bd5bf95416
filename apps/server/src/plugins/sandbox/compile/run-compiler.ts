import { execFile } from 'node:child_process';
import path from 'node:path';

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Sources up to this size are read within a few milliseconds; larger ones get a process, so that the panel keeps answering. */
export const INLINE_CHARACTERS = 24 * 1024;

export type CompilerAnswer =
  | { kind: 'good'; text: string }
  | { kind: 'bad'; message: string; line: number; column: number }
  /** It took too long, or more memory than it may have. */
  | { kind: 'gave-up'; cause: unknown };

/** Hands a source to `compile.cjs` in a process of its own, without environment and with a deadline. */
export function runCompiler(
  folder: string,
  args: readonly string[],
  source: string,
  deadlineMs: number,
): Promise<CompilerAnswer> {
  const argv = ['--max-old-space-size=512', path.join(folder, 'compile.cjs'), ...args];
  const options = {
    env: {},
    cwd: '/',
    timeout: deadlineMs,
    killSignal: 'SIGKILL' as const,
    maxBuffer: MAX_OUTPUT_BYTES,
  };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, argv, options, (error, output) => {
      if (output.startsWith('+')) return resolve({ kind: 'good', text: output.slice(1) });
      if (output.startsWith('-'))
        return resolve({
          kind: 'bad',
          ...(JSON.parse(output.slice(1)) as { message: string; line: number; column: number }),
        });
      resolve({ kind: 'gave-up', cause: error });
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(source);
  });
}
