import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pluginIdSchema } from '@sodium/sdk/manifest';
import { UsageError } from '../commands/command-context.js';
import { copyPackages, TEMPLATES } from './own-packages.js';
import { compilerSettings, GITIGNORE, packageJson, templateOf, type NewPlugin } from './project-files.js';

/** Says why an id cannot be one, or null. */
export function idProblem(id: string): string | null {
  const result = pluginIdSchema.safeParse(id);
  return result.success ? null : `"${id}" ${result.error.issues[0]!.message}.`;
}

/** Refuses what cannot become a plugin's folder, before anything is asked or written. */
export function checkTarget(id: string, folder: string): void {
  const problem = idProblem(id);
  if (problem) throw new UsageError(problem, 'An id such as "my-widget" is the folder’s name and part of addresses.');
  if (!existsSync(folder)) return;
  if (statSync(folder).isDirectory() && readdirSync(folder).length === 0) return;
  throw new UsageError(
    `${relative(process.cwd(), folder) || folder} exists already.`,
    'Choose another id, or remove the folder first: nothing in it was touched.',
  );
}

/** Writes the plugin's folder. It appears whole or not at all. */
export async function createProject(plugin: NewPlugin, folder: string): Promise<void> {
  checkTarget(plugin.id, folder);
  mkdirSync(dirname(folder), { recursive: true });
  const draft = mkdtempSync(join(dirname(folder), `.${plugin.id}-`));
  try {
    cpSync(join(TEMPLATES, templateOf(plugin)), draft, { recursive: true });
    nameFiles(plugin, draft);
    const packages = await copyPackages(join(draft, 'vendor'));
    writeJson(join(draft, 'package.json'), packageJson(plugin, packages));
    const settings = compilerSettings(plugin);
    if (settings) writeJson(join(draft, settings.file), settings.content);
    writeFileSync(join(draft, '.gitignore'), GITIGNORE);
    if (existsSync(folder)) rmdirSync(folder);
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** The template is a plugin named "My plugin" itself. */
function nameFiles({ id, name }: NewPlugin, folder: string): void {
  for (const path of readdirSync(folder, { recursive: true }) as string[]) {
    const file = join(folder, path);
    if (!/\.(?:ts|js|json|md|css)$/.test(path) || !statSync(file).isFile()) continue;
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replaceAll('my-plugin', id).replaceAll('My plugin', nameInside(file, name)));
  }
}

/** In code and JSON the name stands between quotes. */
const nameInside = (file: string, name: string): string => {
  if (file.endsWith('.json')) return JSON.stringify(name).slice(1, -1);
  return /\.[jt]s$/.test(file) ? name.replace(/[\\']/g, '\\$&') : name;
};

function writeJson(file: string, value: object): void {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}
