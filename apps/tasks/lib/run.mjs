import { spawn } from 'node:child_process';
import { root } from './paths.mjs';

/** Runs a command in the project's root with its output shown. Rejects with the exit code when it fails. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: 'inherit',
      ...options,
      env: { ...process.env, ...options.env },
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (code === 0) resolve();
      else
        reject(
          Object.assign(new Error(`${command} ${args.join(' ')} ended with ${signal ?? code}`), {
            exitCode: code ?? 1,
          }),
        );
    });
  });
}

/** Ends a task with one line instead of a stack when a step has said what is wrong itself. */
export function main(task) {
  task().catch((error) => {
    console.error(error.exitCode === undefined ? error : error.message);
    process.exitCode = error.exitCode || 1;
  });
}
