import { cancel, confirm, intro, select, text } from '@clack/prompts';
import { relative, resolve } from 'node:path';
import { checkTarget, createProject, idProblem } from '../create/create-project.js';
import { PLUGIN_TYPES, type NewPlugin, type PluginType } from '../create/project-files.js';
import { ExitError, UsageError, type CommandContext } from './command-context.js';

export interface CreateOptions {
  readonly type?: string;
  readonly name?: string;
  readonly build: boolean;
}

const WHAT: Record<PluginType, string> = {
  widget: 'something on the dashboard',
  feature: 'a page with routes, data and a task of its own',
  hook: 'a rule for what happens in the panel',
  theme: 'colours, fonts and shapes',
};

/** `sodium create`: a plugin that builds, passes its own tests and can be installed. */
export async function create(id: string | undefined, options: CreateOptions, context: CommandContext): Promise<void> {
  const { terminal, cwd } = context;
  if (options.type !== undefined && !isType(options.type))
    throw new UsageError(`--type: expected one of ${PLUGIN_TYPES.join(', ')}, found "${options.type}".`);
  const plugin = await complete(id, options, context);
  const folder = resolve(cwd, plugin.id);
  const done = terminal.progress(`Writing ${plugin.id}`);
  await createProject(plugin, folder).finally(done);
  const { colors } = terminal;
  terminal.out(`${colors.green('✓')} Created ${plugin.id}, a ${plugin.type}. Next:

  cd ${relative(cwd, folder)}
  npm install
  npm test
  npm run dev`);
}

/** Asks for what is missing, where somebody is there to answer. */
async function complete(id: string | undefined, options: CreateOptions, context: CommandContext): Promise<NewPlugin> {
  const { type } = options;
  if (id !== undefined) checkTarget(id, resolve(context.cwd, id));
  if (id !== undefined && isType(type)) return { id, type, build: options.build, name: options.name ?? nameFor(id) };
  if (!context.terminal.interactive) {
    const missing = id === undefined ? 'the plugin’s id' : '--type';
    throw new UsageError(`Missing: ${missing}.`, `For example: sodium create ${id ?? 'my-widget'} --type widget`);
  }
  intro('A new plugin');
  const chosen = id ?? (await askId());
  checkTarget(chosen, resolve(context.cwd, chosen));
  const kind = isType(type) ? type : await askType();
  const build = options.build && (kind === 'theme' || (await askBuild()));
  return { id: chosen, type: kind, build, name: options.name ?? nameFor(chosen) };
}

const askId = async (): Promise<string> =>
  answered(
    await text({
      message: 'Its id, which is also the name of its folder',
      placeholder: 'my-widget',
      validate: (value) => idProblem(value ?? '') ?? undefined,
    }),
  );

const askType = async (): Promise<PluginType> =>
  answered(
    await select({
      message: 'What is it?',
      options: PLUGIN_TYPES.map((value) => ({ value, label: value, hint: WHAT[value] })),
    }),
  );

const askBuild = async (): Promise<boolean> =>
  answered(await confirm({ message: 'TypeScript? Without it, you write client.js and server.js as they run.' }));

function answered<T>(value: T): Exclude<T, symbol> {
  if (typeof value !== 'symbol') return value as Exclude<T, symbol>;
  cancel('Nothing was written.');
  throw new ExitError(2);
}

const isType = (type: string | undefined): type is PluginType =>
  (PLUGIN_TYPES as readonly string[]).includes(type ?? '');

/** `my-widget` is called "My widget" until somebody finds a better name. */
function nameFor(id: string): string {
  const words = id.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
