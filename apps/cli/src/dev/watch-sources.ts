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
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(onChange, SETTLE_MS);
  };
  watcher.on('all', later);
  // The watcher tells of each file once in 50 ms and drops the rest: a fault mended as fast as that would stay for ever.
  watcher.on('raw', (_event, name) => {
    if (!IGNORED.test(name ?? '')) later();
  });
  await new Promise<void>((resolve) => watcher.once('ready', resolve));
  return {
    close: async () => {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}
