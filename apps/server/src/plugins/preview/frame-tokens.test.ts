import { beforeEach, expect, test } from 'vitest';
import { FrameTokens, type FrameGrant, type FrameViewer } from './frame-tokens.js';

const ada: FrameViewer = { id: '1', username: 'ada', role: 'admin' };
let now: number;
let viewers: Map<string, FrameViewer>;
let current: string;
let tokens: FrameTokens;

const grant = (more: Partial<FrameGrant> = {}): FrameGrant => ({
  kind: 'admin-tab',
  plugin: 'todo',
  hash: 'a1',
  session: 's1',
  ...more,
});

beforeEach(() => {
  now = 1_000_000;
  viewers = new Map([
    ['s1', ada],
    ['s2', ada],
  ]);
  current = 'a1';
  tokens = new FrameTokens({
    viewerOf: (session) => viewers.get(session) ?? null,
    isCurrent: ({ hash }) => hash === current,
    now: () => now,
  });
});

test('a token grants one content of one plugin, as the viewer of its session', () => {
  const { token } = tokens.issue(grant());
  expect(tokens.find(token)).toMatchObject({ plugin: 'todo', hash: 'a1', kind: 'admin-tab', viewer: ada });
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(tokens.find(`${token}x`)).toBeNull();
  expect(tokens.find('__proto__')).toBeNull();
});

test('it ends by itself, later when it is prolonged, and only its own session prolongs it', () => {
  const { token, expiresAt } = tokens.issue(grant());
  now = expiresAt - 1;
  expect(tokens.prolong(token, 's2')).toBeNull();
  expect(tokens.prolong(token, 's1')!.expiresAt).toBeGreaterThan(expiresAt);
  now = expiresAt + 1;
  expect(tokens.find(token)).not.toBeNull();
  now = expiresAt * 2;
  expect(tokens.find(token)).toBeNull();
  expect(tokens.prolong(token, 's1')).toBeNull();
});

test('it ends with the session, with the content, and when it is revoked', () => {
  const byLogout = tokens.issue(grant()).token;
  viewers.delete('s1');
  expect(tokens.find(byLogout)).toBeNull();
  viewers.set('s1', ada);
  expect(tokens.find(byLogout)).toBeNull();

  const byUpdate = tokens.issue(grant()).token;
  current = 'b2';
  expect(tokens.find(byUpdate)).toBeNull();
  current = 'a1';
  expect(tokens.find(byUpdate)).toBeNull();

  const byHand = tokens.issue(grant()).token;
  tokens.revoke(byHand, 's2');
  expect(tokens.find(byHand)).not.toBeNull();
  tokens.revoke(byHand, 's1');
  expect(tokens.find(byHand)).toBeNull();
});

test('revoking a plugin or a session spares the others', () => {
  const mine = tokens.issue(grant()).token;
  const preview = tokens.issue(grant({ kind: 'preview' })).token;
  const other = tokens.issue(grant({ plugin: 'hello', session: 's2' })).token;
  tokens.revokePlugin('todo', 'admin-tab');
  expect([mine, preview, other].map((token) => tokens.find(token) !== null)).toEqual([false, true, true]);
  tokens.revokeSession('s2');
  expect([mine, preview, other].map((token) => tokens.find(token) !== null)).toEqual([false, true, false]);
});

test('a session holds a limited number, the oldest goes first', () => {
  const first = tokens.issue(grant()).token;
  const others = Array.from({ length: 20 }, () => tokens.issue(grant()).token);
  expect(tokens.find(first)).toBeNull();
  expect(others.every((token) => tokens.find(token) !== null)).toBe(true);
});
