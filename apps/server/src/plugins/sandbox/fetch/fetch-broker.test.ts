import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestSandbox, type TestSandbox } from '../testing/sandbox-fixture.js';
import { createFetchCapability, type FetchLog } from './fetch-broker.js';
import { isHostAllowed } from './host-allow-list.js';
import { isPublicAddress } from './public-address.js';

let server: Server;
let port: number;
let sandbox: TestSandbox;
let allowPrivate = true;
const log: FetchLog[] = [];

beforeAll(async () => {
  server = createServer((req, res) => {
    if (req.url === '/away') return void res.writeHead(302, { location: `http://localhost:${port}/elsewhere` }).end();
    if (req.url === '/loop') return void res.writeHead(302, { location: '/loop' }).end();
    if (req.url === '/huge') return void res.end(Buffer.alloc(200_000));
    if (req.url === '/slow') return;
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () =>
      res
        .setHeader('x-kept', 'yes')
        .end(JSON.stringify({ method: req.method, headers: req.headers, body: Buffer.concat(parts).toString() })),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  sandbox = await openTestSandbox({
    capabilities: {
      fetch: createFetchCapability({
        allowedHosts: () => [`127.0.0.1:${port}`, 'rebinding.example', '10.0.0.1', '[::ffff:7f00:1]'],
        allowPrivate: () => allowPrivate,
        onFetch: (entry) => log.push(entry),
        timeoutMs: 500,
        maxResponseBytes: 100_000,
        lookup: ((_name: string, _options: object, done: (error: null, addresses: unknown[]) => void) =>
          done(null, [{ address: '127.0.0.1', family: 4 }])) as never,
      }) as never,
    },
  });
});
afterAll(async () => {
  await sandbox.close();
  server.closeAllConnections();
  server.close();
});

async function fetching(): Promise<(url: string, options?: object) => Promise<Record<string, unknown>>> {
  const plugin = await sandbox.plugin(`export default () => ({
    async go(url, options) {
      try { const res = await fetch(url, options); return { status: res.status, kept: res.headers.get('x-kept'), text: await res.text() } }
      catch (error) { return { error: error.name + ': ' + error.message } }
    } })`);
  await plugin.instance.activate();
  return (url, options) => plugin.instance.method('go', [url, options ?? {}], []) as Promise<Record<string, unknown>>;
}

describe('fetch through the panel', () => {
  it('sends method, headers and body, and returns the answer; logs plugin, host and status', async () => {
    allowPrivate = true;
    const go = await fetching();
    const answer = await go(`http://127.0.0.1:${port}/hook`, {
      method: 'POST',
      headers: { 'X-Mine': '1', Host: 'evil.example', 'Content-Type': 'application/json' },
      body: '{"a":1}',
    });
    expect(answer).toMatchObject({ status: 200, kept: 'yes' });
    const seen = JSON.parse(answer.text as string) as { method: string; headers: Record<string, string>; body: string };
    expect(seen).toMatchObject({ method: 'POST', body: '{"a":1}' });
    expect(seen.headers).toMatchObject({
      'x-mine': '1',
      host: `127.0.0.1:${port}`,
      'content-type': 'application/json',
    });
    expect(log.at(-1)).toMatchObject({ method: 'POST', host: `127.0.0.1:${port}`, status: 200 });
  });

  it('refuses hosts that are not listed, at once and behind a redirect', async () => {
    allowPrivate = true;
    const go = await fetching();
    expect((await go(`http://localhost:${port}/`)).error).toMatch(
      /not among those this plugin may reach.*"localhost:\d+"/,
    );
    expect((await go(`http://127.0.0.1:${port}/away`)).error).toMatch(/localhost:\d+ was refused/);
    expect((await go(`http://127.0.0.1:${port}/loop`)).error).toMatch(/redirects more than 5 times/);
    expect((await go('file:///etc/passwd')).error).toMatch(/only https/);
    expect((await go(`http://a:b@127.0.0.1:${port}/`)).error).toMatch(/user name or password/);
  });

  it('refuses private addresses, also behind a listed name, unless the operator allows them', async () => {
    allowPrivate = false;
    const go = await fetching();
    expect((await go('https://10.0.0.1/')).error).toMatch(/private network/);
    expect((await go('https://[::ffff:127.0.0.1]/')).error).toMatch(/private network/);
    expect((await go('https://rebinding.example/')).error).toMatch(/rebinding.example leads to a private network/);
    expect((await go(`http://127.0.0.1:${port}/`)).error).toMatch(/only https/);
  });

  it('bounds time and size', async () => {
    allowPrivate = true;
    const go = await fetching();
    expect((await go(`http://127.0.0.1:${port}/huge`)).error).toMatch(/more than 100000 bytes/);
    expect((await go(`http://127.0.0.1:${port}/slow`)).error).toMatch(/did not answer in time/);
  });

  it('holds no more bodies of one plugin at a time than it can afford', async () => {
    allowPrivate = true;
    const plugin = await sandbox.plugin(`export default () => ({
      async go(url) {
        const body = new Uint8Array(1e6);
        const calls = Array.from({ length: 40 }, () => fetch(url, { method: 'POST', body }));
        const refused = (await Promise.allSettled(calls)).map(({ reason }) => String(reason)).filter((text) => text.includes('bodies are under way'));
        return [refused.length, (await fetch(url.replace('slow', 'x'), { method: 'POST', body: 'after' })).status];
      } })`);
    await plugin.instance.activate();
    expect(await plugin.instance.method('go', [`http://127.0.0.1:${port}/slow`], [])).toEqual([24, 200]);
    expect(plugin.instance.state.kind).toBe('running');
  });

  it('needs its permission', async () => {
    const plugin = await sandbox.plugin(`export default () => ({ go: () => fetch('https://example.com') })`, {
      permissions: [],
    });
    await plugin.instance.activate();
    await expect(plugin.instance.method('go', [], [])).rejects.toThrow(/PermissionError.*"webhooks:send"/);
  });
});

describe('addresses and hosts', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:0::1',
    'ff02::1',
    'nonsense',
  ])('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false));
  it.each(['8.8.8.8', '1.1.1.1', '2606:4700::1111'])('%s is public', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );
  it('matches names, wildcards and ports', () => {
    const allowed = ['api.example.com', '*.wild.com', 'odd.com:8443', 'plain.com:443'];
    const yes = (url: string): boolean => isHostAllowed(new URL(url), allowed);
    expect(
      [
        'https://api.example.com/x',
        'https://API.example.com:443',
        'https://a.b.wild.com',
        'https://odd.com:8443',
        'https://plain.com',
      ].map(yes),
    ).not.toContain(false);
    expect(
      [
        'https://example.com',
        'https://api.example.com:8443',
        'https://wild.com',
        'https://evilwild.com',
        'https://odd.com',
        'https://api.example.com.evil.com',
      ].map(yes),
    ).not.toContain(true);
  });
});
