import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPanel } from './create-panel.js';
import { resetPassword } from './reset-password.js';

const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));

/** The only reader of the environment and of arguments. */
function readOptions(env: NodeJS.ProcessEnv): Parameters<typeof createPanel>[0] {
  return {
    port: readPort(env.PORT),
    host: env.HOST || '127.0.0.1',
    dataDirectory: path.resolve(env.SODIUM_DATA || path.join(projectRoot, 'data')),
    safeMode: env.SODIUM_SAFE_MODE === '1',
    trustProxy: env.SODIUM_TRUST_PROXY || false,
    logLevel: env.SODIUM_LOG_LEVEL || 'info',
    shellDirectory: path.join(projectRoot, 'apps/shell/dist/web'),
    docsDirectory: path.join(projectRoot, 'apps/docs/dist/site'),
    packagesDirectory: path.join(projectRoot, 'apps/cli/dist/packages'),
    sandboxDirectory: path.join(projectRoot, 'apps/server/dist/sandbox'),
    shippedPlugins: path.join(projectRoot, 'plugins'),
  };
}

function readPort(text = '3000'): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`PORT: expected a whole number from 0 to 65535, found "${text}".`);
}

// Whatever the panel writes is its own.
process.umask(0o077);

const [command, login] = process.argv.slice(2);
if (command !== 'reset-password') await run();
else if (login) await giveNewPassword(login);
else fail('Usage: main.js reset-password <user name or email address>', 2);

async function run(): Promise<void> {
  try {
    const panel = await createPanel(readOptions(process.env));
    let closing = false;
    const close = (): void => {
      if (closing) return;
      closing = true;
      panel.close().then(
        () => process.exit(0),
        (error: unknown) => fail(String(error)),
      );
    };
    process.on('SIGINT', close);
    process.on('SIGTERM', close);
  } catch (error) {
    fail(`Sodium could not start: ${(error as Error).message}`);
  }
}

async function giveNewPassword(login: string): Promise<void> {
  try {
    const password = await resetPassword(readOptions(process.env).dataDirectory, login);
    process.stdout.write(`The new password of "${login}" is: ${password}\nChange it under Account once you are in.\n`);
  } catch (error) {
    fail(`The password was not changed: ${(error as Error).message}`);
  }
}

function fail(message: string, code = 1): never {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}
