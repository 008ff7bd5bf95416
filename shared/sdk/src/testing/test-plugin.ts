import { loadTestHost } from './load-test-host.js';
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
  const host = await loadTestHost();
  return host.startTestPlugin(options);
}
