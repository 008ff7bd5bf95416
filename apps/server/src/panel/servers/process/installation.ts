import type { ServerExit } from '../runtime.js';
import type { Installing } from './phase.js';
import type { ServerProcess } from './server-process.js';
import { startProblem } from './start-problem.js';

const TIMEOUT_MS = 10 * 60_000;

export interface InstallationSteps {
  spawn(argv: readonly string[]): Promise<ServerProcess>;
  say(text: string): void;
}

/** Runs the commands that prepare a server, one after another, until one fails or somebody cancels. */
export async function runInstallation(
  phase: Installing,
  commands: readonly (readonly string[])[],
  steps: InstallationSteps,
): Promise<ServerExit> {
  let exit: ServerExit = { code: 0, signal: null, crashed: false };
  try {
    for (const argv of commands) {
      if (exit.crashed || phase.cancelled) break;
      exit = await runStep(phase, argv, steps);
    }
  } catch (error) {
    exit = {
      code: null,
      signal: null,
      crashed: true,
      message: `The installation could not run: ${startProblem(error, [])}`,
    };
  }
  if (phase.cancelled)
    exit = { code: null, signal: 'SIGKILL', crashed: true, message: 'The installation was cancelled.' };
  steps.say(exit.crashed ? (exit.message ?? 'The installation failed.') : 'Installed.');
  return exit;
}

async function runStep(
  phase: Installing,
  argv: readonly string[],
  { spawn, say }: InstallationSteps,
): Promise<ServerExit> {
  say(`Installing: ${argv.join(' ')}`);
  const process = await spawn(argv);
  phase.process = process;
  if (phase.cancelled) process.kill();
  const timer = setTimeout(() => process.kill(), TIMEOUT_MS);
  const { code, signal } = await process.ended;
  clearTimeout(timer);
  phase.process = null;
  if (code === 0) return { code, signal, crashed: false };
  return {
    code,
    signal,
    crashed: true,
    message: `The installation failed: "${argv[0]}" ended with ${signal ?? `code ${code}`}.`,
  };
}
