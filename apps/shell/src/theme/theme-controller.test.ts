import type { Preferences } from '@sodium/contract';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { THEME_KEY, ThemeController, type ThemeSource } from './theme-controller.js';

const root = document.documentElement;
const NEON = {
  id: 'neon',
  name: 'Neon',
  description: '',
  stylesheet: '/plugins/neon/1/assets/theme.css',
  modes: ['dark' as const],
  swatch: [],
};

beforeEach(() => {
  // The controllers of the tests before live on: they are not to hear of this one.
  vi.stubGlobal('BroadcastChannel', undefined);
  localStorage.clear();
  for (const name of Object.keys(root.dataset)) delete root.dataset[name];
});
afterEach(() => document.getElementById('sodium-theme')?.remove());

function sourceOf(answer: Partial<Preferences>, more: Partial<ThemeSource> = {}) {
  const preferences: Preferences = {
    theme: null,
    mode: 'light',
    defaultTheme: 'sodium',
    shown: 'sodium',
    themes: [NEON],
    ...answer,
  };
  let changed = (): void => undefined;
  const source: ThemeSource = {
    get: vi.fn(() => Promise.resolve({ ...preferences })),
    put: vi.fn((patch) =>
      Promise.resolve(Object.assign(preferences, patch, patch.theme ? { shown: patch.theme } : {})),
    ),
    onThemesChanged: (listener) => {
      changed = listener;
      return () => undefined;
    },
    safe: false,
    failed: vi.fn(),
    ...more,
  };
  return { source, preferences, change: () => changed() };
}

/** Stands for the network: whether style sheets arrive. */
function styleSheetsArrive(handleDisabledFileLoadingAsSuccess: boolean): void {
  const { settings } = (window as unknown as { happyDOM: { settings: object } }).happyDOM;
  Object.assign(settings, { disableCSSFileLoading: true, handleDisabledFileLoadingAsSuccess });
}

it('applies a choice at once, keeps it, and tells those who follow', () => {
  const theme = new ThemeController();
  theme.choose('light');
  const heard = vi.fn();
  const stop = theme.subscribe(heard);
  theme.choose('dark');
  expect(root.dataset.theme).toBe('dark');
  expect(root.classList.contains('wa-dark')).toBe(true);
  expect(heard).toHaveBeenCalledExactlyOnceWith('dark');
  stop();
  theme.choose('light');
  expect(heard).toHaveBeenCalledOnce();
  expect(new ThemeController().choice).toBe('light');
});

it('follows the system when nothing sensible is stored', () => {
  localStorage.setItem(THEME_KEY, 'purple');
  expect(new ThemeController().choice).toBe('system');
});

it('believes the document before this browser’s memory, and keeps to the modes of its theme', () => {
  localStorage.setItem(THEME_KEY, 'dark');
  root.dataset.mode = 'light';
  expect(new ThemeController().mode).toBe('light');
  root.dataset.modes = 'dark';
  const theme = new ThemeController();
  expect(theme.mode).toBe('dark');
  expect(theme.onlyMode).toBe('dark');
  expect(theme.choice).toBe('light');
});

it('keeps a choice with the account', async () => {
  const { source } = sourceOf({});
  const theme = new ThemeController();
  theme.connect(source);
  theme.choose('dark');
  await vi.waitFor(() => expect(source.put).toHaveBeenCalledExactlyOnceWith({ mode: 'dark' }));
});

it('shows a chosen theme once its style sheet is there, and takes it away when it is deactivated', async () => {
  const { source, preferences, change } = sourceOf({});
  const theme = new ThemeController();
  theme.connect(source);
  styleSheetsArrive(true);
  await theme.chooseTheme('neon');
  expect(document.getElementById('sodium-theme')?.getAttribute('href')).toBe(NEON.stylesheet);
  expect(root.dataset).toMatchObject({ skin: 'neon', theme: 'dark' });

  Object.assign(preferences, { themes: [], shown: 'sodium' });
  change();
  await vi.waitFor(() => expect(root.dataset).toMatchObject({ skin: 'sodium', theme: 'light' }));
  expect(document.getElementById('sodium-theme')).toBeNull();
});

it('stays as it is when the style sheet cannot be loaded', async () => {
  const { source } = sourceOf({});
  const theme = new ThemeController();
  theme.connect(source);
  styleSheetsArrive(false);
  await theme.chooseTheme('neon');
  expect(root.dataset.theme).toBe('light');
  expect(document.head.querySelector('link[rel=stylesheet]')).toBeNull();
});

it('passes over answers that a later choice has overtaken', async () => {
  const answers: ((mode: 'light' | 'dark') => void)[] = [];
  const { source, preferences } = sourceOf({});
  source.put = () => new Promise((resolve) => answers.push((mode) => resolve({ ...preferences, mode })));
  root.dataset.mode = 'light';
  const theme = new ThemeController();
  theme.connect(source);
  theme.choose('light');
  theme.choose('dark');
  answers[0]!('light');
  await Promise.resolve();
  expect(theme.choice).toBe('dark');
  answers[1]!('dark');
  await vi.waitFor(() => expect(theme.preferences?.mode).toBe('dark'));
});

it('shows no theme in safe mode, and says when a choice was refused', async () => {
  const failure = new Error('no');
  const { source } = sourceOf({ theme: 'neon', shown: 'neon' }, { safe: true, put: () => Promise.reject(failure) });
  const theme = new ThemeController();
  theme.connect(source);
  await theme.refresh();
  expect(document.head.querySelector('link[rel=stylesheet]')).toBeNull();
  await theme.chooseTheme('neon');
  expect(source.failed).toHaveBeenCalledExactlyOnceWith(failure);
});
