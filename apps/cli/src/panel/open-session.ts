import { cancel, password, text } from '@clack/prompts';
import { ExitError, UsageError, type CommandContext } from '../commands/command-context.js';
import { PanelClient } from './panel-client.js';

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * Logs in as an admin. Secrets come from the environment or from a prompt, never from the command line, where every
 * process of the machine could read them.
 */
export async function openSession(
  url: string,
  { env, terminal }: CommandContext,
  signal?: AbortSignal,
): Promise<PanelClient> {
  const address = checkAddress(url);
  if (env.SODIUM_TOKEN) return new PanelClient(address, env.SODIUM_TOKEN);
  const client = new PanelClient(address);
  if (env.SODIUM_USERNAME && env.SODIUM_PASSWORD) {
    await client.login(env.SODIUM_USERNAME, env.SODIUM_PASSWORD);
    return client;
  }
  if (!terminal.interactive)
    throw new UsageError(
      `${address} asks for an admin’s login.`,
      'Set SODIUM_USERNAME and SODIUM_PASSWORD, or SODIUM_TOKEN to a session’s token, or run this on a terminal.',
    );
  const name = answered(await text({ message: `Admin of ${address}`, placeholder: 'username', signal }));
  await client.login(name, answered(await password({ message: 'Password', signal })));
  return client;
}

/** A password does not travel over the network in the open. */
function checkAddress(url: string): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new UsageError(`--url: expected an address such as http://127.0.0.1:3000, found "${url}".`);
  }
  if (parsed.protocol !== 'https:' && !(parsed.protocol === 'http:' && LOOPBACK.test(parsed.hostname)))
    throw new UsageError(
      `--url: "${url}" would send the login in the open.`,
      'Use https, or a tunnel that ends at 127.0.0.1.',
    );
  return parsed.origin;
}

function answered(value: string | symbol): string {
  if (typeof value === 'string') return value;
  cancel('Nothing was done.');
  throw new ExitError(2);
}
