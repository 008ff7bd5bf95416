import { Command, CommanderError } from 'commander';
import { build } from './commands/build.js';
import { ExitError, UsageError, type CommandContext } from './commands/command-context.js';
import { create, type CreateOptions } from './commands/create.js';
import { dev, type DevOptions } from './commands/dev.js';
import { install } from './commands/install.js';
import { pack, type PackOptions } from './commands/pack.js';
import { validate } from './commands/validate.js';
import { DEFAULT_PANEL_URL } from './panel/default-panel-url.js';
import { oneLine } from './problems/problem.js';

declare const CLI_VERSION: string;

const FOLDER = 'the plugin’s folder (default: this one)';

/** The command line: what there is, how it is called, and an example of each. */
export function createProgram(context: CommandContext): Command {
  const program = new Command('sodium')
    .description('Make, check, pack and install plugins for Sodium.')
    .version(CLI_VERSION)
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('See "sodium --help".')
    .configureOutput({
      writeOut: (text) => context.terminal.out(text.trimEnd()),
      writeErr: (text) => context.terminal.err(text.trimEnd()),
      getOutHasColors: () => context.terminal.colors.isColorSupported,
      getErrHasColors: () => context.terminal.colors.isColorSupported,
    })
    .configureHelp({ styleTitle: (text) => context.terminal.colors.bold(text) });
  addAuthoring(program, context);
  addDelivery(program, context);
  program.addHelpText(
    'after',
    `
A plugin from nothing to the panel:
  $ sodium create my-widget --type widget
  $ cd my-widget && npm install
  $ npm test
  $ npm run dev
  $ npx sodium install`,
  );
  return program;
}

function addAuthoring(program: Command, context: CommandContext): void {
  program
    .command('create')
    .description('write a new plugin that passes its own tests')
    .argument('[id]', 'its id, which is also the name of its folder')
    .option('-t, --type <type>', 'widget, feature, hook or theme')
    .option('--name <name>', 'its name, as people read it')
    .option('--no-build', 'plain JavaScript, used as it is written')
    .addHelpText(
      'after',
      example('sodium create my-widget --type widget', 'sodium create my-page --type feature --no-build'),
    )
    .action((id: string | undefined, options: CreateOptions) => create(id, options, context));
  program
    .command('dev')
    .description('show the plugin in the preview of a panel with demo data, and bring every save to the browser')
    .argument('[folder]', FOLDER, '.')
    .option('-u, --url <address>', 'join a running panel instead of starting one')
    .option('-p, --port <port>', 'where to open it; 0 takes any that is free', '3210')
    .option('--active', 'activate it and use it in earnest: what it stores stays, what it sends leaves')
    .option('--json', 'print what happens as lines of JSON')
    .addHelpText('after', example('sodium dev', 'sodium dev --active', 'sodium dev plugins/my-widget --port 4000'))
    .action((folder: string, options: DevOptions) => dev(folder, options, context));
  program
    .command('validate')
    .description('say what a panel would refuse, with file, line and what to do')
    .argument('[folder]', 'a plugin’s folder, a built package or a zip file (default: this folder)', '.')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', example('sodium validate', 'sodium validate my-widget-1.0.0.zip --json'))
    .action((folder: string, options: { json?: boolean }) => validate(folder, options, context));
  program
    .command('build')
    .description('make an installable package in dist/')
    .argument('[folder]', FOLDER, '.')
    .option('-o, --out <folder>', 'where to put the package')
    .option('--no-minify', 'keep the client readable')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', example('sodium build', 'sodium build plugins/my-widget --no-minify'))
    .action(async (folder: string, options: { out?: string; minify: boolean; json?: boolean }) => {
      await build(folder, options, context);
    });
}

function addDelivery(program: Command, context: CommandContext): void {
  program
    .command('pack')
    .description('build, check, and write a zip file: the same sources give the same bytes')
    .argument('[folder]', FOLDER, '.')
    .option('-o, --out <file>', 'the zip file (default: <id>-<version>.zip in the folder)')
    .option('--source-maps', 'put the client’s source map in')
    .option('--sign <key.pem>', 'sign it with an Ed25519 key, for panels that take signed plugins only')
    .option('--sign-as <name>', 'the name by which panels know the key (default: that of its file)')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      example('sodium pack', 'sodium pack --out ../my-widget.zip', 'sodium pack --sign ~/keys/ada.pem'),
    )
    .action(async (folder: string, options: PackOptions) => {
      await pack(folder, options, context);
    });
  program
    .command('install')
    .description('bring a plugin into a running panel, as its admin')
    .argument('[path]', 'a plugin’s folder or a zip file (default: this folder)', '.')
    .option('-u, --url <address>', 'the panel', context.env.SODIUM_URL ?? DEFAULT_PANEL_URL)
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `${example('sodium install', 'SODIUM_USERNAME=ada SODIUM_PASSWORD=… sodium install my-widget-1.0.0.zip --url https://panel.example.com')}
The login is asked for on a terminal; elsewhere it comes from SODIUM_USERNAME and SODIUM_PASSWORD, or from SODIUM_TOKEN.`,
    )
    .action((path: string, options: { url: string; json?: boolean }) => install(path, options, context));
}

const example = (...lines: string[]): string =>
  `\n${lines.length > 1 ? 'Examples' : 'Example'}:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;

/** Runs a command line. Returns 0, 1 (the plugin has faults) or 2 (the call has, or something around it). */
export async function runProgram(args: readonly string[], context: CommandContext): Promise<number> {
  try {
    await createProgram(context).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    return exitCodeOf(error as Error, context);
  }
}

function exitCodeOf(error: Error, { terminal }: CommandContext): number {
  // It has printed what there is to say, the help or what is wrong with the call.
  if (error instanceof CommanderError) return error.exitCode === 0 || error.code === 'commander.helpDisplayed' ? 0 : 2;
  if (error instanceof ExitError) return error.code;
  if (error instanceof UsageError) {
    const { message, fix } = error;
    terminal.err(`${terminal.colors.red('error')} ${oneLine({ severity: 'error', file: '', message, fix })}`);
    return 2;
  }
  // A fault of this program.
  terminal.err(String(error.stack ?? error));
  return 2;
}
