import { beforeEach, expect, test } from 'vitest';
import { shimStorage } from './storage-shims.js';

type Page = Window & typeof globalThis;
let page: Page;

// What a sealed frame's window is like: every one of these throws.
beforeEach(() => {
  const sealed = (): never => {
    throw new DOMException('The document is sandboxed.', 'SecurityError');
  };
  const names = ['localStorage', 'sessionStorage', 'indexedDB', 'caches', 'cookieStore'];
  const throwing = Object.fromEntries(names.map((name) => [name, { get: sealed, configurable: true }]));
  const document = Object.defineProperty({}, 'cookie', { get: sealed, set: sealed, configurable: true });
  page = Object.defineProperties({ navigator: {}, document }, throwing) as unknown as Page;
  shimStorage(page);
});

test('storage is memory, by method and by property', () => {
  page.localStorage.setItem('a', '1');
  page.localStorage['b'] = 2;
  expect([page.localStorage.getItem('b'), page.localStorage['a'], page.localStorage.length]).toEqual(['2', '1', 2]);
  expect(Object.keys(page.localStorage)).toEqual(['a', 'b']);
  expect(page.sessionStorage.getItem('a')).toBeNull();
  delete page.localStorage['a'];
  expect(page.localStorage.key(0)).toBe('b');
  page.localStorage.clear();
  expect(page.localStorage.length).toBe(0);
});

test('cookies are kept for the frame alone and can be deleted', () => {
  page.document.cookie = 'a=1; path=/';
  page.document.cookie = 'b = x=y ';
  expect(page.document.cookie).toBe('a=1; b=x=y');
  page.document.cookie = 'a=; max-age=0';
  expect(page.document.cookie).toBe('b=x=y');
});

test('what cannot be imitated is absent, so that code which asks for it goes without', () => {
  expect([page.indexedDB, page.caches, page.navigator.serviceWorker]).toEqual([undefined, undefined, undefined]);
});
