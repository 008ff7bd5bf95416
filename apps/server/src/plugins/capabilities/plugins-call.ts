import { z } from 'zod';
import { PluginError } from '../errors.js';
import type { PluginManager } from '../manager.js';
import type { Capability } from '../sandbox/types.js';

const MAX_DEPTH = 8;
const args = z.object({
  id: z.string().max(60),
  method: z.string().min(1).max(200),
  args: z.array(z.unknown()).max(50),
});

/** `sodium.plugins.call`: a method of another active plugin. A call that would come back to its caller is refused. */
export function pluginsCall(manager: PluginManager): Capability<z.infer<typeof args>> {
  return {
    permission: 'plugins:call',
    args,
    handle: async ({ id, method, args: values }, { plugin, chain }) => {
      const path = [...chain, plugin];
      const refuse = (message: string): never => {
        throw new PluginError(plugin, 'CALL_REFUSED', message);
      };
      if (path.includes(id)) refuse(`A plugin cannot call itself through others: ${[...path, id].join(' > ')}.`);
      if (path.length >= MAX_DEPTH)
        refuse(`At most ${MAX_DEPTH} plugins can call one another: ${[...path, id].join(' > ')}.`);
      const instance = manager.running(id)?.instance;
      if (!instance) return refuse(`The plugin "${id}" is not active, or has no server.js.`);
      return manager.deps.hooks.passOn(plugin, id, () => instance.method(method, values, path));
    },
  };
}
