import { html } from 'lit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Router, type Route } from './router.js';

const page = (path: string, extra: Partial<Route> = {}): Route => ({
  path,
  title: () => path,
  view: () => html``,
  ...extra,
});
const settled = (router: Router): Promise<void> =>
  new Promise((resolve) => router.addEventListener('view', () => resolve(), { once: true }));

async function open(router: Router, path: string): Promise<void> {
  const shown = settled(router);
  await router.navigate(path);
  await shown;
}

describe('Router', () => {
  let router: Router;
  beforeEach(() => history.replaceState(null, '', '/'));
  afterEach(() => vi.restoreAllMocks());

  it('shows the route of an address with its parameters and query', async () => {
    router = new Router({ routes: [page('/'), page('/servers/:id/:tab')] });
    await open(router, '/servers/a%20b/settings?x=1');
    expect(router.view).toMatchObject({
      status: 'ready',
      context: { path: '/servers/a%20b/settings', params: { id: 'a b', tab: 'settings' } },
    });
    expect(router.view.status === 'ready' && router.view.context.query.get('x')).toBe('1');
  });

  it('prefers a fixed address to a parameter that would match it too', async () => {
    router = new Router({ routes: [page('/servers/new'), page('/servers/:id')] });
    await open(router, '/servers/new');
    expect(router.view).toMatchObject({ route: { path: '/servers/new' } });
  });

  it('asks the fallback for addresses no route has, and says so when nobody knows them', async () => {
    const route = page('plugin hello');
    router = new Router({
      routes: [page('/')],
      fallback: (path) => (path === '/hello' ? { route, params: { a: '1' } } : null),
    });
    await open(router, '/hello');
    expect(router.view).toMatchObject({ status: 'ready', route, context: { params: { a: '1' } } });
    await open(router, '/nobody');
    expect(router.view.status).toBe('missing');
  });

  it('shows what stands at an address once the code of its page has run', async () => {
    let known: Route | null = null;
    const own = page('plugin own');
    const any = page('plugin any', { load: async () => (known = own) });
    router = new Router({ routes: [], fallback: () => ({ route: known ?? any, params: {} }) });
    history.replaceState(null, '', '/own');
    const shown = settled(router);
    router.start();
    await shown;
    expect(router.view).toMatchObject({ status: 'ready', route: own });
  });

  it('asks for the code of a fallback page before the address changes, and shows what is wrong with it', async () => {
    const asked: string[] = [];
    const load = async (): Promise<never> => {
      asked.push(location.pathname);
      throw new Error('gone');
    };
    const route = page('plugin hello', { load });
    router = new Router({ routes: [], fallback: (path) => (path === '/hello' ? { route, params: {} } : null) });
    await open(router, '/hello/?x=1#y');
    expect(asked).toEqual(['/', '/hello/']);
    expect(router.view).toMatchObject({ status: 'failed', error: new Error('gone') });
  });

  it('shows a page of a plugin that arrives later, and nothing once it has gone', async () => {
    let known = false;
    const route = page('plugin late');
    router = new Router({ routes: [page('/')], fallback: () => (known ? { route, params: {} } : null) });
    await open(router, '/late');
    expect(router.view.status).toBe('missing');
    known = true;
    const shown = settled(router);
    router.reconsider();
    await shown;
    expect(router.view).toMatchObject({ status: 'ready', route });
    known = false;
    router.reconsider();
    expect(router.view.status).toBe('missing');
  });

  it('does not let a slow page replace the one opened after it', async () => {
    let finish = (): void => undefined;
    const slow = page('/slow', { load: () => new Promise<void>((resolve) => (finish = resolve)) });
    router = new Router({ routes: [slow, page('/fast')] });
    await router.navigate('/slow');
    await open(router, '/fast');
    finish();
    await Promise.resolve();
    expect(router.view).toMatchObject({ route: { path: '/fast' } });
  });

  it('keeps the address of a page whose code cannot be fetched, and tries again', async () => {
    const load = vi.fn().mockRejectedValueOnce(new Error('offline')).mockResolvedValue(undefined);
    router = new Router({ routes: [page('/page', { load })] });
    await open(router, '/page');
    expect(router.view).toMatchObject({ status: 'failed', error: { message: 'offline' } });
    const shown = settled(router);
    router.retry();
    await shown;
    expect(router.view.status).toBe('ready');
  });

  it('asks before unsaved input is left, and stays when the answer is no', async () => {
    const confirmLeave = vi.fn().mockResolvedValueOnce(false).mockResolvedValue(true);
    router = new Router({ routes: [page('/'), page('/a'), page('/b')], confirmLeave });
    await open(router, '/a');
    router.holdUnsaved();
    await router.navigate('/b');
    expect(location.pathname).toBe('/a');
    await open(router, '/b');
    expect(location.pathname).toBe('/b');
    await open(router, '/a');
    expect(confirmLeave).toHaveBeenCalledTimes(2);
  });

  it('asks no more once the mark was taken away', async () => {
    const confirmLeave = vi.fn();
    router = new Router({ routes: [page('/a'), page('/b')], confirmLeave });
    await open(router, '/a');
    router.holdUnsaved()();
    await open(router, '/b');
    expect(confirmLeave).not.toHaveBeenCalled();
  });
});
