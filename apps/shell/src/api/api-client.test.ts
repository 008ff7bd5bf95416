import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiClient } from './api-client.js';
import { ApiError } from './api-error.js';
import { loginAddress, safeNext } from './session.js';

const answer = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

afterEach(() => vi.unstubAllGlobals());

function fetching(...answers: (Response | Error)[]): ReturnType<typeof vi.fn> {
  const fetch = vi.fn(async () => {
    const next = answers.shift();
    if (next instanceof Response) return next;
    throw next ?? new Error('unexpected request');
  });
  vi.stubGlobal('fetch', fetch);
  return fetch;
}

describe('ApiClient', () => {
  it('sends JSON and the admin token, and returns what the panel answers', async () => {
    const fetch = fetching(answer(200, { ok: 1 }));
    expect(await new ApiClient({ adminToken: 't' }).post('/api/x', { a: 1 })).toEqual({ ok: 1 });
    expect(fetch).toHaveBeenCalledWith('/api/x', expect.objectContaining({ method: 'POST', body: '{"a":1}' }));
    expect(fetch.mock.calls[0]?.[1].headers).toMatchObject({
      'x-sodium-admin': 't',
      'content-type': 'application/json',
    });
  });

  it('keeps the code, plugin and field messages of a refusal', async () => {
    const details = [
      { path: ['variables', 'PORT'], message: 'first' },
      { path: 'name', message: 'Name it.' },
      { path: 'name', message: 'second fault' },
    ];
    fetching(answer(400, { error: { code: 'INVALID', message: 'No.', plugin: 'guard', details } }));
    const error = await new ApiClient().get('/api/x').catch((reason: unknown) => reason as ApiError);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      status: 400,
      code: 'INVALID',
      plugin: 'guard',
      fields: { 'variables.PORT': 'first', name: 'Name it.' },
    });
  });

  it('says that the panel cannot be reached when there is no answer', async () => {
    fetching(new TypeError('failed to fetch'));
    await expect(new ApiClient().get('/api/x')).rejects.toMatchObject({ status: 0, code: 'UNREACHABLE' });
  });

  it('makes an error of an answer that is not the panel’s', async () => {
    fetching(new Response('<h1>Bad gateway</h1>', { status: 502 }));
    await expect(new ApiClient().get('/api/x')).rejects.toMatchObject({ status: 502, code: 'HTTP_502' });
  });

  it('announces an ended session, but not a refused login', async () => {
    const onUnauthorized = vi.fn();
    const body = { error: { code: 'UNAUTHENTICATED', message: 'Log in.' } };
    fetching(answer(401, body), answer(401, body));
    const api = new ApiClient({ onUnauthorized });
    await api.post('/api/auth/login', {}).catch(() => undefined);
    expect(onUnauthorized).not.toHaveBeenCalled();
    await api.get('/api/servers').catch(() => undefined);
    expect(onUnauthorized).toHaveBeenCalledOnce();
  });
});

describe('where a login leads', () => {
  it.each([
    ['/servers/1?x=2', '/servers/1?x=2'],
    ['/admin', '/admin'],
    ['https://evil.example/', '/'],
    ['//evil.example/', '/'],
    ['/\\evil.example/', '/'],
    ['javascript:alert(1)', '/'],
    [null, '/'],
  ])('takes %s to %s', (next, expected) => {
    expect(safeNext(next, 'https://panel.example')).toBe(expected);
  });

  it('remembers where the visitor wanted to go', () => {
    expect(loginAddress({ pathname: '/servers/1', search: '?x=2' })).toBe('/login?next=%2Fservers%2F1%3Fx%3D2');
    expect(loginAddress({ pathname: '/', search: '' })).toBe('/login');
  });
});
