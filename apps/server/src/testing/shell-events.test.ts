import { LIVE_PATH } from '@sodium/contract';
import { io, type Socket } from 'socket.io-client';
import { afterEach, expect, test } from 'vitest';
import { eventually, TestPanel } from './test-panel.js';

let panel: TestPanel;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.disconnect();
  await panel.dispose();
});

/** What a page of this user is told about the registry, in order. The same version again is no news: upon connection it may be told twice. */
function listen(): string[] {
  const told: string[] = [];
  const socket = io(panel.url, {
    path: LIVE_PATH,
    transports: ['websocket'],
    reconnectionDelay: 20,
    reconnectionDelayMax: 20,
    extraHeaders: { cookie: panel.user.sessionCookie },
  });
  socket.on('registry:changed', ({ etag }: { etag: string }) => {
    if (told.at(-1) !== etag) told.push(etag);
  });
  sockets.push(socket);
  return told;
}

const read = async (): Promise<{ version: string; ids: string[] }> => {
  const { json } = await panel.user.get('/api/registry');
  return { version: json.version, ids: json.items.map(({ id }: { id: string }) => id) };
};

test('a page hears of a registry that is whole: upon connection, once after a start, and at each change', async () => {
  panel = await TestPanel.start();
  for (const [id, ms] of Object.entries({ first: 0, second: 400, third: 800 })) {
    const server = `export default async () => { await new Promise((go) => setTimeout(go, ${ms})); }`;
    await panel.activate(id, { manifest: { resident: true }, server });
  }
  const early = listen();
  await eventually(read, ({ version }) => expect(early).toEqual([version]));

  await panel.close();
  const opened = panel.open();
  await eventually(
    () => panel.answers(),
    (up) => expect(up).toBe(true),
  );
  const open = listen();
  await opened;
  const whole = await eventually(read, ({ version }) => expect(open).toEqual([version]));
  expect(whole.ids).toEqual(['first', 'second', 'third']);

  await panel.deactivate('second');
  const { version } = await eventually(read, (now) => expect(now.ids).toEqual(['first', 'third']));
  await eventually(
    async () => open.at(-1),
    (last) => expect(last).toBe(version),
  );
  expect(open).toHaveLength(2);
});
