import { execFile } from 'node:child_process';
import { chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Isolation } from './isolation.js';

const TIMEOUT_MS = 10_000;

/** Runs inside the isolation and tries what a hostile server would try. Plain JavaScript: it is handed over as text. */
const ATTEMPTS = `
const fs = require('fs');
const [own, secret, databases, panel] = process.argv.slice(1);
const can = (attempt) => { try { attempt(); return true; } catch { return false; } };
console.log(JSON.stringify({
  own: can(() => { fs.readFileSync(own + '/own.txt'); fs.writeFileSync(own + '/written.txt', 'x'); }),
  secret: can(() => fs.readFileSync(secret)),
  list: can(() => fs.readdirSync(databases)),
  signal: can(() => process.kill(Number(panel), 0)),
}));`;

const answerSchema = z.object({ own: z.boolean(), secret: z.boolean(), list: z.boolean(), signal: z.boolean() });

/** Null when the isolation holds, else what is wrong with it. */
export async function probeIsolation(isolation: Isolation, dataDirectory: string): Promise<string | null> {
  const databases = join(dataDirectory, 'db');
  const folder = await mkdtemp(join(dataDirectory, 'servers', '.probe-'));
  const secret = join(databases, `.probe-${process.pid}`);
  try {
    await mkdir(databases, { recursive: true, mode: 0o700 });
    // 0644 on purpose: the folder above must protect it.
    await writeFile(secret, 'x', { mode: 0o644 });
    await writeFile(join(folder, 'own.txt'), 'x', { mode: 0o600 });
    const uid = isolation.uidFor(0);
    if (uid !== null) await Promise.all([folder, join(folder, 'own.txt')].map((path) => chown(path, uid, uid)));
    const answer = await attempt(isolation, folder, uid, [folder, secret, databases, String(process.pid)]);
    return verdict(isolation, answer);
  } catch (error) {
    return `it could not be started (${error instanceof Error ? error.message.split('\n')[0] : String(error)})`;
  } finally {
    await rm(folder, { recursive: true, force: true });
    await rm(secret, { force: true });
  }
}

function verdict(isolation: Isolation, answer: z.infer<typeof answerSchema>): string | null {
  if (!answer.own) return 'a server could not use its own folder';
  if (answer.secret || answer.list) return 'a server could still read the panel’s files';
  // In a namespace of its own the panel's number can belong to nobody but the server itself.
  if (answer.signal && isolation.kind !== 'bubblewrap') return 'a server could still send signals to the panel';
  return null;
}

function attempt(isolation: Isolation, folder: string, uid: number | null, args: string[]) {
  const launch = isolation.launch([process.execPath, '-e', ATTEMPTS, ...args], folder, uid);
  const identity = launch.uid === null ? {} : { uid: launch.uid, gid: launch.gid ?? launch.uid };
  return new Promise<z.infer<typeof answerSchema>>((resolve, reject) => {
    execFile(
      launch.command,
      launch.args,
      { cwd: folder, env: {}, timeout: TIMEOUT_MS, killSignal: 'SIGKILL', ...identity },
      (error, stdout, stderr) => {
        if (error) return reject(new Error(stderr.trim().split('\n').at(-1) || error.message, { cause: error }));
        try {
          resolve(answerSchema.parse(JSON.parse(stdout)));
        } catch (cause) {
          reject(new Error('its answer was not understood', { cause }));
        }
      },
    );
  });
}
