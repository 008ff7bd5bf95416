import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { catchLinkClicks } from './link-clicks.js';

const navigate = vi.fn();
let release: () => void;
beforeEach(() => {
  navigate.mockReset();
  history.replaceState(null, '', '/');
  window.addEventListener('click', stopHere);
  release = catchLinkClicks(document, navigate);
});
afterEach(() => {
  release();
  window.removeEventListener('click', stopHere);
  document.body.replaceChildren();
});

/** What the shell did, before the browser of the test would really go somewhere. */
let taken = false;
function stopHere(event: Event): void {
  taken = event.defaultPrevented;
  event.preventDefault();
}

function click(markup: string, options: MouseEventInit = {}): boolean {
  document.body.innerHTML = markup;
  const event = new MouseEvent('click', { bubbles: true, composed: true, cancelable: true, ...options });
  document.body.querySelector('[data-here]')?.dispatchEvent(event);
  return taken;
}

it('navigates links of this panel, also from elements inside them', () => {
  expect(click('<a href="/servers?x=1"><b data-here>Servers</b></a>')).toBe(true);
  expect(navigate).toHaveBeenCalledWith('/servers?x=1');
});

it('finds links inside shadow roots', () => {
  document.body.innerHTML = '<div></div>';
  const root = document.querySelector('div')!.attachShadow({ mode: 'open' });
  root.innerHTML = '<a href="/hello">x</a>';
  root.querySelector('a')!.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true, cancelable: true }));
  expect(navigate).toHaveBeenCalledWith('/hello');
});

it.each([
  ['another site', '<a data-here href="https://elsewhere.invalid/">x</a>'],
  ['a native link', '<a data-here data-native href="/servers">x</a>'],
  ['the admin document', '<a data-here href="/admin/plugins">x</a>'],
  ['an address of the API', '<a data-here href="/api/servers">x</a>'],
  ['a download', '<a data-here download href="/file">x</a>'],
  ['a new tab', '<a data-here target="_blank" href="/servers">x</a>'],
])('leaves %s to the browser', (_what, markup) => {
  expect(click(markup)).toBe(false);
  expect(navigate).not.toHaveBeenCalled();
});

it('leaves clicks with a modifier to the browser', () => {
  expect(click('<a data-here href="/servers">x</a>', { ctrlKey: true })).toBe(false);
});
