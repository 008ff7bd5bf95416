import { beforeEach, expect, it, vi } from 'vitest';
import { THEME_KEY, ThemeController } from './theme-controller.js';

beforeEach(() => localStorage.clear());

it('applies a choice at once, keeps it, and tells those who follow', () => {
  const theme = new ThemeController();
  theme.choose('light');
  const heard = vi.fn();
  const stop = theme.subscribe(heard);
  theme.choose('dark');
  expect(document.documentElement.dataset.theme).toBe('dark');
  expect(document.documentElement.classList.contains('wa-dark')).toBe(true);
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
