import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { relativeProblems } from '../problems/relative-problems.js';
import { checkPackage } from '../check/check-package.js';
import { readSigner, signFolder, type Signer } from '../pack/sign-package.js';
import { packFolder } from '../pack/write-package.js';
import { formatSize } from '../terminal/format-size.js';
import { showProblems } from '../terminal/show-problems.js';
import { buildOrExit } from './build.js';
import { UsageError, type CommandContext } from './command-context.js';

export interface PackOptions {
  readonly out?: string;
  readonly sourceMaps?: boolean;
  /** A file with a private key. */
  readonly sign?: string;
  /** The name of that key. */
  readonly signAs?: string;
  readonly json?: boolean;
}

export interface Packed {
  readonly id: string;
  readonly version: string;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  /** The name of the content, as the panel shows it. */
  readonly hash: string;
  /** Who vouches for it, and what panels need in order to check that. */
  readonly signedBy?: { readonly keyId: string; readonly publicKey: string };
}

/** `sodium pack`: builds, checks, and writes a zip file that is the same for the same sources. */
export async function pack(path: string, options: PackOptions, context: CommandContext): Promise<Packed> {
  const { terminal, cwd } = context;
  const folder = resolve(cwd, path);
  const signer = signerOf(options, cwd);
  const scratch = mkdtempSync(join(tmpdir(), 'sodium-pack-'));
  try {
    const clientMap = options.sourceMaps ?? false;
    const built = await buildOrExit(
      folder,
      join(scratch, 'package'),
      { clientMap },
      { ...context, json: options.json },
    );
    const warnings = relativeProblems(built.warnings, folder);
    if (warnings.length > 0 && !options.json) terminal.err(showProblems(warnings, terminal.colors));
    if (signer) signFolder(built.outDir, signer);
    const zip = packFolder(built.outDir);
    const file = resolve(options.out ? cwd : folder, options.out ?? `${built.id}-${built.version}.zip`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, zip);
    const packed: Packed = {
      id: built.id,
      version: built.version,
      file,
      bytes: zip.length,
      sha256: createHash('sha256').update(zip).digest('hex'),
      // The signature is a part of the content.
      hash: signer ? ((await checkPackage(built.outDir)).hash ?? built.hash) : built.hash,
      ...(signer && { signedBy: { keyId: signer.keyId, publicKey: signer.publicKey } }),
    };
    tell(packed, options, context);
    return packed;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function signerOf({ sign, signAs }: PackOptions, cwd: string): Signer | null {
  if (sign !== undefined) return readSigner(resolve(cwd, sign), signAs);
  if (signAs === undefined) return null;
  throw new UsageError('--sign-as names a key, and --sign is missing.', 'Add --sign with the file of the key.');
}

function tell(packed: Packed, { json }: PackOptions, { terminal, cwd }: CommandContext): void {
  if (json) return terminal.out(JSON.stringify(packed, null, 2));
  const { colors } = terminal;
  const { id, version, file, bytes, sha256, signedBy } = packed;
  terminal.out(`${colors.green('✓')} Packed ${id} ${version}: ${relative(cwd, file)} (${formatSize(bytes)})`);
  terminal.out(`  sha256 ${sha256}`);
  if (!signedBy) return;
  terminal.out(`  signed by ${signedBy.keyId}. Panels trust this key with, in config.json under "plugins":`);
  terminal.out(`  "trustedKeys": { "${signedBy.keyId}": "${signedBy.publicKey}" }`);
}
