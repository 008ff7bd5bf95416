import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';

/** Makes one file that plain Node runs out of a TypeScript entry, so that tests can kill a real process. */
export async function bundleProcess(entry: URL): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'process-'));
  const outfile = path.join(directory, 'process.mjs');
  const banner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  await build({
    entryPoints: [entry.pathname],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: banner },
    logLevel: 'error',
  });
  return outfile;
}

export function startProcess(
  file: string,
  args: readonly string[],
  stdio: StdioOptions = ['ignore', 'pipe', 'inherit'],
): ChildProcess {
  return spawn(process.execPath, [file, ...args], { stdio });
}

/** Calls `onLine` for each line that the process prints; resolves when its output has ended and it has gone. */
export async function readLines(child: ChildProcess, onLine: (line: string) => void): Promise<void> {
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let rest = '';
  child.stdout!.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop()!;
    lines.forEach(onLine);
  });
  await exited;
}
