import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { PanelClient } from '../panel/panel-client.js';

const accountSchema = z.object({ username: z.string(), password: z.string() });
const demoSchema = z.object({ admin: accountSchema, user: accountSchema });
export type DemoAccounts = z.infer<typeof demoSchema>;

const SERVERS: readonly { name: string; template: RegExp; start: boolean }[] = [
  { name: 'Lobby', template: /node/, start: true },
  { name: 'Website', template: /static/, start: true },
  { name: 'Playground', template: /generic|command/, start: false },
];

/** Logs in to the panel of this folder as its admin; the first time, there are accounts and servers to make. */
export async function openDemo(url: string, folder: string): Promise<{ client: PanelClient; accounts: DemoAccounts }> {
  const file = join(folder, 'accounts.json');
  const client = new PanelClient(url);
  if (existsSync(file)) {
    const accounts = demoSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    await client.login(accounts.admin.username, accounts.admin.password);
    return { client, accounts };
  }
  const accounts = { admin: newAccount('demo'), user: newAccount('ann') };
  await register(client, accounts.admin);
  await register(new PanelClient(url), accounts.user);
  await createServers(client);
  writeFileSync(file, JSON.stringify(accounts), { mode: 0o600 });
  return { client, accounts };
}

const newAccount = (username: string) => ({ username, password: randomBytes(18).toString('base64url') });

async function register(client: PanelClient, { username, password }: DemoAccounts['admin']): Promise<void> {
  await client.must('POST', '/api/auth/register', { username, email: `${username}@example.com`, password });
}

async function createServers(client: PanelClient): Promise<void> {
  const { items } = await client.must<{ items: { id: string }[] }>('GET', '/api/templates');
  for (const { name, template, start } of SERVERS) {
    const id = items.find((item) => template.test(item.id))?.id ?? items[0]?.id;
    if (id === undefined) continue;
    const server = await client.must<{ id: string }>('POST', '/api/servers', { name, template: id });
    // A demo server that does not run is still there to be looked at.
    if (start) await client.request('POST', `/api/servers/${server.id}/power`, { action: 'start' });
  }
}
