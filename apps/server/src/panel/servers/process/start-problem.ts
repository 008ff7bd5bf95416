/** Why a command could not be started, in words that do not name the panel's own paths. */
export function startProblem(error: unknown, argv: readonly string[]): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `there is no program "${argv[0] ?? ''}".`;
  if (code === 'EACCES') return `the program "${argv[0] ?? ''}" may not be run.`;
  return message;
}
