import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatManifestIssue, parseManifest, type Manifest } from '@sodium/sdk/manifest';
import { parse } from 'acorn';
import { BuildError } from './plugin-source.js';

/** Checks a package as the panel will see it. Throws on faults, returns warnings. */
export function checkPackage(folder: string): string[] {
  const file = join(folder, 'plugin.json');
  const result = parseManifest(existsSync(file) ? readFileSync(file, 'utf8') : '', file);
  if (!result.ok) throw new BuildError(result.issues.map(formatManifestIssue).join('\n'));
  checkNamedFiles(folder, result.manifest);
  const code = ['server.js', 'client.js'].filter((name) => existsSync(join(folder, name)));
  for (const name of code) checkModule(join(folder, name), name === 'server.js');
  if (result.manifest.type === 'theme' && code.length > 0)
    throw new BuildError(`${folder}: a theme has no code; remove ${code.join(' and ')} or change its "type".`);
  return result.warnings.map(formatManifestIssue);
}

function checkNamedFiles(folder: string, manifest: Manifest): void {
  const named = [manifest.icon, manifest.theme?.stylesheet, ...manifest.styles, ...(manifest.screenshots ?? [])];
  const missing = named.filter((path) => path && !existsSync(join(folder, path)));
  if (missing.length > 0)
    throw new BuildError(
      `plugin.json names files that do not exist: ${missing.map((path) => `"${path}"`).join(', ')}. Add them or remove the names.`,
    );
}

interface ModuleNode {
  type: string;
  source?: { value?: unknown } | null;
  loc?: { start: { line: number } } | null;
}

/** Both halves are single ES modules: nothing resolves an import, neither in the sandbox nor below the content hash. */
function checkModule(file: string, isServer: boolean): void {
  const code = readFileSync(file, 'utf8');
  let body: ModuleNode[];
  try {
    body = parse(code, { ecmaVersion: 'latest', sourceType: 'module', locations: true }).body as ModuleNode[];
  } catch (error) {
    throw new BuildError(`${file}: ${(error as Error).message}. Mend the syntax error.`);
  }
  for (const { source, loc } of body) {
    const specifier = source?.value;
    if (typeof specifier !== 'string' || (!isServer && specifier.startsWith('./'))) continue;
    const instead = isServer
      ? 'A server is one file: build it, or use the sodium object.'
      : 'A client without a build uses sodium.lit; build it to use packages.';
    throw new BuildError(`${file}:${loc?.start.line ?? 1}: "${specifier}" cannot be imported. ${instead}`);
  }
}
