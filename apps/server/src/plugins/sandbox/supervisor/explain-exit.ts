import type { ChildProcess } from 'node:child_process';

const STDERR_CHARACTERS = 4000;

/** Says why a process has gone, once it has. */
export function watchExit(child: ChildProcess, onExit: (reason: string) => void): void {
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_CHARACTERS);
  });
  child.once('exit', (code, signal) => onExit(explainExit(stderr, code, signal)));
}

function explainExit(stderr: string, code: number | null, signal: string | null): string {
  if (stderr.includes('heap out of memory') || stderr.includes('Allocation failed'))
    return 'it used more memory than its JavaScript heap may have (64 MB)';
  const said = /^\w*Error.*$/m.exec(stderr)?.[0];
  const how = signal ? `it was ended by ${signal}` : `it ended with code ${code}`;
  return how + (said ? ` (${said.slice(0, 300)})` : '');
}
