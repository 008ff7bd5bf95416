import { z } from 'zod';
import { PluginError } from '../errors.js';
import { isSecret } from '../settings/value-problem.js';
import type { Capability } from '../sandbox/types.js';
import type { PreviewRun } from './preview-run.js';

type Recorder = (name: string, args: unknown) => void;
const callArgs = z.object({ id: z.string().max(60), method: z.string().max(200), args: z.array(z.unknown()).max(50) });
const setArgs = z.object({ key: z.string().max(100), value: z.unknown() });

/** `sodium.plugins.call`: the other plugin is active, and what it would do is real. */
export function pluginsCall(record: Recorder): Capability {
  return {
    permission: 'plugins:call',
    args: callArgs,
    handle: ({ id, method, args }: z.infer<typeof callArgs>, { plugin }) => {
      record('plugins.call', { id, method, args });
      throw new PluginError(plugin, 'CALL_REFUSED', `In a preview no other plugin is called: "${id}" was not.`);
    },
  } as Capability;
}

/** `sodium.config.set`: kept by the preview alone. */
export function configSet(run: Pick<PreviewRun, 'applySettings' | 'content'>, record: Recorder): Capability {
  return {
    permission: null,
    args: setArgs,
    handle: async ({ key, value }: z.infer<typeof setArgs>) => {
      const { settings } = run.content.manifest;
      const secret = Object.hasOwn(settings, key) && isSecret(settings[key]!);
      record('config.set', { key, value: secret ? '…' : value });
      await run.applySettings({ [key]: value }, 'plugin');
    },
  } as Capability;
}
