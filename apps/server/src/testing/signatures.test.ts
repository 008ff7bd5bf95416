import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { signedContent } from '@sodium/sdk/manifest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestPanel } from './test-panel.js';
import { pluginFiles, zipOf } from './zip-fixture.js';

const BASE = '/api/admin/plugins';
const trusted = generateKeyPairSync('ed25519');
const raw = generateKeyPairSync('ed25519');
const stranger = generateKeyPairSync('ed25519');
const der = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' });

let panel: TestPanel;
beforeAll(async () => {
  const trustedKeys = {
    acme: der(trusted.publicKey).toString('base64'),
    bare: der(raw.publicKey).subarray(-32).toString('base64'),
    broken: 'bm90IGEga2V5',
  };
  panel = await TestPanel.start({ config: { plugins: { requireSignatures: true, trustedKeys } } });
});
afterAll(() => panel?.dispose());

/** A package, signed, with what was changed in it afterwards. */
function signed(id: string, keyId: string, key: KeyObject, changed: Record<string, string> = {}): Buffer {
  const files = pluginFiles(id).map(({ name, data }) => ({ name: String(name), data: String(data) }));
  const sums = files.map(({ name, data }) => ({
    path: name,
    sha256: createHash('sha256').update(data).digest('hex'),
  }));
  const signature = sign(null, Buffer.from(signedContent(sums)), key).toString('base64');
  const all = { ...Object.fromEntries(files.map(({ name, data }) => [name, data])), ...changed };
  const text = JSON.stringify({ algorithm: 'ed25519', keyId, signature });
  return zipOf(Object.entries({ 'signature.json': text, ...all }).map(([name, data]) => ({ name, data })));
}

const refusal = async (zip: Buffer): Promise<string> => {
  const answer = await panel.admin.post(`${BASE}/install`, zip);
  expect(answer.status).toBe(400);
  return answer.json.error.message;
};

test('what somebody trusted has signed is installed and runs', async () => {
  for (const [id, keyId, { privateKey }] of [
    ['one', 'acme', trusted],
    ['two', 'bare', raw],
  ] as const) {
    const installed = await panel.admin.post(`${BASE}/install`, signed(id, keyId, privateKey));
    expect(installed.status, installed.text).toBe(201);
    expect((await panel.admin.post(`${BASE}/${id}/activate`, { permissions: [] })).status).toBe(200);
  }
});

test('everything else is refused with what to do', async () => {
  expect(await refusal(zipOf(pluginFiles('bad')))).toContain('signed plugins only');
  expect(await refusal(signed('bad', 'stranger', stranger.privateKey))).toContain('does not trust. It trusts: acme');
  expect(await refusal(signed('bad', 'acme', stranger.privateKey))).toContain('changed after "acme"');
  expect(await refusal(signed('bad', 'acme', trusted.privateKey, { 'server.js': 'export default () => 1' }))).toContain(
    'changed after',
  );
  expect(await refusal(signed('bad', 'acme', trusted.privateKey, { 'client.js': '' }))).toContain('changed after');
  expect(await refusal(signed('bad', 'broken', trusted.privateKey))).toContain('no Ed25519 public key');
  expect(await refusal(signed('bad', '__proto__', trusted.privateKey))).toContain('signature.json');
  expect(
    await refusal(signed('bad', 'acme', trusted.privateKey, { 'signature.json': '{"algorithm":"none"}' })),
  ).toContain('cannot be read');
  expect((await panel.admin.get(`${BASE}/bad`)).status).toBe(404);
});

test('a folder dropped by hand without a signature is invalid, and cannot be activated', async () => {
  const answer = await panel.tryActivate('dropped', { server: 'export default () => {}' });
  expect(answer.status).toBe(400);
  expect(await panel.row('dropped')).toMatchObject({ state: 'invalid', reason: expect.stringContaining('signed') });
});

test('what was agreed to before signatures were asked for does not run', async () => {
  await panel.close();
  await panel.editConfig((config) => (config.plugins.requireSignatures = false));
  await panel.open();
  await panel.activate('before', { server: 'export default () => {}' });
  await panel.close();
  await panel.editConfig((config) => (config.plugins.requireSignatures = true));
  await panel.open();
  expect(await panel.row('before')).toMatchObject({ state: 'failed', reason: expect.stringContaining('signed') });
  expect((await panel.row('one')).state).toBe('active');
});
