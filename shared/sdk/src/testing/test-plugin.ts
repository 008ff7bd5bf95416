import { loadTestHost } from './load-test-host.js';
import { Mounts } from './mounts.js';
import { pluginPackage } from './plugin-package.js';
import type { TestPluginOptions } from './plugin-source.js';
import type { TestPlugin } from './test-plugin-types.js';

/**
 * Starts a plugin in the real sandbox, on a panel of its own that is gone after the test. Rejects with the panel's
 * message when the plugin cannot be built, is refused or fails to start. End it with `dispose()`, or write
 * `await using plugin = await testPlugin(…)`.
 *
 * @example
 * const plugin = await testPlugin({ directory: new URL('..', import.meta.url), settings: { limit: 2 } });
 * await plugin.post('/todos', { text: 'Water the plants' });
 * expect(await plugin.documents('todos')).toHaveLength(1);
 * await plugin.dispose();
 */
export async function testPlugin(options: TestPluginOptions): Promise<TestPlugin> {
  const { directory, plugin, others = [], ...rest } = options;
  const source = directory ?? plugin;
  if (source === undefined) throw new TypeError('testPlugin needs "directory" or "plugin".');
  const host = await loadTestHost();
  const hosted = await host.startTestPlugin({
    ...rest,
    package: await pluginPackage(source),
    others: await Promise.all(others.map(pluginPackage)),
  });
  const mounts = new Mounts(hosted);
  const close = hosted.dispose.bind(hosted);
  const dispose = async (): Promise<void> => {
    await mounts.dispose();
    await close();
  };
  return Object.assign(hosted, { mount: mounts.mount, dispose, [Symbol.asyncDispose]: dispose });
}
