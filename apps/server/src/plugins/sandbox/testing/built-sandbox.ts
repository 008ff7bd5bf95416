import { mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const server = fileURLToPath(new URL('../../../../', import.meta.url));
let built: Promise<string> | null = null;

/** The sandbox's child code, built from the sources as they are; test files that run side by side share the result. */
export function builtSandbox(): Promise<string> {
  return (built ??= build());
}

async function build(): Promise<string> {
  const folder = path.join(tmpdir(), `sodium-sandbox-build-${fingerprint()}-${process.version}`);
  if (await stat(folder).catch(() => null)) return folder;
  const { buildSandbox } = (await import(path.join(server, 'build-sandbox.mjs'))) as {
    buildSandbox(outDir: string): Promise<void>;
  };
  const scratch = await mkdtemp(path.join(tmpdir(), 'sodium-sandbox-building-'));
  await buildSandbox(scratch);
  // Whoever is first wins; the others find the same content there.
  await rename(scratch, folder).catch(() => rm(scratch, { recursive: true, force: true }));
  return folder;
}

function fingerprint(): string {
  const hash = createHash('sha256').update(readFileSync(path.join(server, 'build-sandbox.mjs')));
  for (const root of ['src/plugins/sandbox', 'src/storage/plugin-store', '../../shared/sdk/src']) {
    const folder = path.join(server, root);
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) hash.update(entry.name).update(readFileSync(path.join(entry.parentPath, entry.name)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}
