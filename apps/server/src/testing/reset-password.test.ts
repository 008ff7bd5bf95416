import path from 'node:path';
import type { AuditEntry } from '@sodium/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resetPassword } from '../reset-password.js';
import { TestPanel } from './test-panel.js';

let panel: TestPanel;
beforeAll(async () => {
  panel = await TestPanel.start();
});
afterAll(() => panel?.dispose());

test('an only admin who forgot their password gets a new one on the panel’s machine', async () => {
  const { username } = panel.admin.user!;
  await panel.close();
  await expect(resetPassword(path.join(panel.data, 'elsewhere'), username)).rejects.toThrow(
    /No panel has kept accounts/,
  );
  await expect(resetPassword(panel.data, 'nobody')).rejects.toThrow(`Admins are: "${username}".`);
  const password = await resetPassword(panel.data, username.toUpperCase());
  await panel.open();

  expect((await panel.admin.get('/api/auth/me')).status).toBe(401);
  expect((await panel.user.get('/api/auth/me')).status).toBe(200);
  const login = (secret: string) => panel.nobody.post('/api/auth/login', { username, password: secret });
  expect((await login('correct horse')).status).toBe(401);
  expect((await login(password)).status).toBe(200);

  await panel.admin.login(username, password);
  const { json, text } = await panel.admin.get('/api/admin/audit');
  expect(json.items as AuditEntry[]).toContainEqual(
    expect.objectContaining({
      actor: { id: null, username: 'the panel’s machine' },
      action: 'user.update',
      target: username,
    }),
  );
  expect(text).not.toContain(password);
});
