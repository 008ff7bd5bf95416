import { expect, test } from 'vitest';
import { auditChanges } from './audit-changes.js';

test('plain values, objects and lists are compared, and the rest is told beside them', () => {
  expect(auditChanges({ before: 'user', after: 'admin', passwordChanged: false })).toEqual({
    changed: [{ name: '', before: 'user', after: 'admin' }],
    others: [{ name: 'passwordChanged', value: 'false' }],
  });
  expect(auditChanges({ before: { revoked: [], same: 1 }, after: { revoked: ['db:own'], same: 1 } })).toEqual({
    changed: [{ name: 'revoked', before: null, after: 'db:own' }],
    others: [],
  });
  expect(auditChanges({ before: { theme: 'neon' }, after: {} }).changed).toEqual([
    { name: 'theme', before: 'neon', after: null },
  ]);
});

test('entries without a change, of any shape', () => {
  expect(auditChanges(undefined)).toEqual({ changed: [], others: [] });
  expect(auditChanges('a word').others).toEqual([{ name: '', value: 'a word' }]);
  expect(auditChanges({ version: '1.0.0', before: null }).others).toEqual([{ name: 'version', value: '1.0.0' }]);
});
