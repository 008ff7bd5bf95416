import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { relativeProblems } from '../problems/relative-problems.js';
import { packFolder } from '../pack/write-package.js';
import { formatSize } from '../terminal/format-size.js';
import { showProblems } from '../terminal/show-problems.js';
import { buildOrExit } from './build.js';
import type { CommandContext } from './command-context.js';

export interface PackOptions {
  readonly out?: string;
  readonly sourceMaps?: boolean;
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
}

/** `sodium pack`: builds, checks, and writes a zip file that is the same for the same sources. */
export async function pack(path: string, options: PackOptions, context: CommandContext): Promise<Packed> {
  const { terminal, cwd } = context;
  const folder = resolve(cwd, path);
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
      hash: built.hash,
    };
    tell(packed, options, context);
    return packed;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function tell(packed: Packed, { json }: PackOptions, { terminal, cwd }: CommandContext): void {
  if (json) return terminal.out(JSON.stringify(packed, null, 2));
  const { colors } = terminal;
  const { id, version, file, bytes, sha256 } = packed;
  terminal.out(`${colors.green('✓')} Packed ${id} ${version}: ${relative(cwd, file)} (${formatSize(bytes)})`);
  terminal.out(`  sha256 ${sha256}`);
}
