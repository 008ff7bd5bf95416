import { watch } from 'chokidar';
import { relative } from 'node:path';

const SETTLE_MS = 25;
/** Never part of a package, or written by the command itself. */
const IGNORED = /(?:^|\/)(?:node_modules|dist|vendor|coverage|tests?|\.[^/]+)(?:\/|$)|\.(?:zip|tgz)$|\.test\.[jt]s$|~$/;

/** Calls back once per save, also when an editor writes several files. Resolves when it watches. */
export async function watchSources(folder: string, onChange: () => void): Promise<{ close(): Promise<void> }> {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(folder, {
    ignoreInitial: true,
    ignored: (path) => IGNORED.test(relative(folder, path).replaceAll('\\', '/')),
  });
  watcher.on('all', () => {
    clearTimeout(timer);
    timer = setTimeout(onChange, SETTLE_MS);
  });
  await new Promise<void>((resolve) => watcher.once('ready', resolve));
  return {
    close: async () => {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}
