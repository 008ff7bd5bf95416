import { expect, test, vi } from 'vitest';
import type { RegistryEntry } from '@sodium/contract';
import type { ClientSodium } from '@sodium/sdk';
import { SodiumElement } from '@sodium/sdk/element';
import { html } from 'lit';
import { defineElement, giveSodium } from './define-element.js';

const entry = { id: 'clock', hash: 'abcdef0123456789' } as RegistryEntry;

function fakeSodium() {
  const listeners = { theme: new Set<() => void>(), live: new Set<(data: unknown) => void>() };
  const theme = {
    mode: 'light' as 'light' | 'dark',
    subscribe: (listener: () => void) => {
      listeners.theme.add(listener);
      return () => listeners.theme.delete(listener);
    },
  };
  const on = (_event: string, listener: (data: unknown) => void) => {
    listeners.live.add(listener);
    return () => listeners.live.delete(listener);
  };
  return { listeners, theme, sodium: { user: { username: 'ann' }, theme, live: { on } } as unknown as ClientSodium };
}

class Clock extends SodiumElement {
  heard: unknown[] = [];
  override connectedCallback(): void {
    super.connectedCallback();
    this.onLive('server:state', (data) => this.heard.push(data));
    this.every(1000, () => this.heard.push('tick'));
  }
  override render() {
    return html`${this.sodium.user.username} in the ${this.mode}`;
  }
}

test('an element of a plugin has its sodium, follows the theme, and takes everything back when it leaves', async () => {
  vi.useFakeTimers();
  const { sodium, theme, listeners } = fakeSodium();
  giveSodium(Clock, sodium);
  const element = document.createElement(defineElement(entry, 'clock', Clock)) as Clock;
  document.body.append(element);
  await element.updateComplete;
  expect(element.renderRoot.textContent).toContain('ann in the light');
  theme.mode = 'dark';
  for (const listener of listeners.theme) listener();
  await element.updateComplete;
  expect(element.renderRoot.textContent).toContain('ann in the dark');
  for (const listener of listeners.live) listener('changed');
  vi.advanceTimersByTime(1000);
  expect(element.heard).toEqual(['changed', 'tick']);

  element.remove();
  expect([listeners.theme.size, listeners.live.size]).toEqual([0, 0]);
  vi.advanceTimersByTime(5000);
  expect(element.heard).toHaveLength(2);
  document.body.append(element);
  expect([listeners.theme.size, listeners.live.size]).toEqual([1, 1]);
  element.remove();
  vi.useRealTimers();
});

test('an element that the panel did not define says how to define it', () => {
  class Stray extends SodiumElement {}
  customElements.define('stray-element', Stray);
  const stray = document.createElement('stray-element') as Stray;
  expect(() => stray.connectedCallback()).toThrow(/sodium\.define\("name", Stray\)/);
});
