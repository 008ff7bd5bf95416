import { confirm } from '@clack/prompts';
import { join } from 'node:path';
import type { CommandContext } from '../commands/command-context.js';
import { openSession } from '../panel/open-session.js';
import { PanelClient } from '../panel/panel-client.js';
import { openDemo } from './demo-data.js';
import type { Consent } from './deploy.js';
import type { DevServerOptions } from './dev-server.js';
import { startPanel } from './start-panel.js';

/** A panel to show the plugin in. */
export interface DevPanel {
  readonly client: PanelClient;
  readonly login: DevServerOptions['login'];
  readonly consent: Consent;
  /** Resolves when the panel has gone, with how it ended; never for one that somebody else runs. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/** A panel in the plugin's folder, with accounts and servers to try things on. It is the author's: nothing is asked. */
export async function ownPanel(scratch: string, { terminal }: CommandContext, signal: AbortSignal): Promise<DevPanel> {
  const started = await startPanel(join(scratch, 'data'), (text) => terminal.err(text.trimEnd()), signal);
  try {
    const { client, accounts } = await openDemo(started.url, scratch);
    const { admin, user } = accounts;
    return {
      client,
      ended: started.ended,
      stop: started.stop,
      consent: () => Promise.resolve(true),
      login: async (username) => {
        // A preview belongs to one session: browser and command share that of the admin.
        if (username === null || username === admin.username) return alive(client, admin);
        if (username !== user.username) return null;
        const session = new PanelClient(started.url);
        await session.login(user.username, user.password);
        return session.token;
      },
    };
  } catch (error) {
    await started.stop();
    throw error;
  }
}

/** Somebody may have logged out in the browser. */
async function alive(client: PanelClient, { username, password }: { username: string; password: string }) {
  const { status } = await client.request('GET', '/api/auth/me');
  if (status !== 200) await client.login(username, password);
  return client.token;
}

/** Somebody's panel: its admin logs in as always, and says on the terminal whether the plugin may have what it asks for. */
export async function joinPanel(url: string, context: CommandContext, signal: AbortSignal): Promise<DevPanel> {
  const client = await openSession(url, context, signal);
  const consent: Consent = async (permissions) => {
    if (!context.terminal.interactive) return false;
    const list = permissions.length > 0 ? permissions.join(', ') : 'nothing';
    return (await confirm({ message: `Activate it? It asks for: ${list}`, signal })) === true;
  };
  return {
    client,
    consent,
    login: (username) => Promise.resolve(username === null ? client.token : null),
    ended: new Promise(() => undefined),
    stop: () => Promise.resolve(),
  };
}
