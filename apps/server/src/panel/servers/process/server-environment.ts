import { dirname } from 'node:path';
import type { ServerSpec } from '../runtime.js';
import { SERVER_MARK } from './run-records.js';

/** What a server's process knows of the world: nothing of the panel's own environment. */
export function serverEnvironment(spec: ServerSpec, folder: string): Record<string, string> {
  const path = [...new Set([dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'])].join(':');
  return { LANG: 'C.UTF-8', TERM: 'xterm-256color', ...spec.env, PATH: path, HOME: folder, [SERVER_MARK]: spec.id };
}
