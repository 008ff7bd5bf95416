import { PluginError } from '../errors.js';

/** Where a plugin's code failed to start, as far as the failure tells. */
export function startFailure(error: unknown): string {
  if (!(error instanceof PluginError)) return error instanceof Error ? error.message : String(error);
  const stack = error.cause instanceof Error ? (error.cause.stack ?? '') : '';
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line) && line.includes('plugin:'));
  return [error.message, ...frames].join('\n');
}
