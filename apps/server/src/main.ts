import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPanel } from './create-panel.js';

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

try {
  const panel = await createPanel(readOptions(process.env));
  let closing = false;
  const close = (): void => {
    if (closing) return;
    closing = true;
    panel.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', close);
  process.on('SIGTERM', close);
} catch (error) {
  process.stderr.write(`Sodium could not start: ${(error as Error).message}\n`);
  process.exit(1);
}
