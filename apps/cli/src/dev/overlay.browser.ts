/// <reference lib="dom" />
import type { Problem } from '../problems/problem.js';
import type { DevEvent } from './dev-events.js';

const STYLE = `
  :host { position: fixed; inset: auto 1rem 1rem; z-index: 2147483647; display: grid; justify-items: center; pointer-events: none; }
  section { pointer-events: auto; inline-size: min(52rem, 100%); max-block-size: 60vh; overflow: auto; box-sizing: border-box;
    padding: 1rem 1.25rem; border: 1px solid #f87171; border-inline-start-width: 4px; border-radius: .5rem;
    background: #1c1214; color: #fdecec; font: 14px/1.5 ui-sans-serif, system-ui, sans-serif; box-shadow: 0 12px 40px rgb(0 0 0 / 45%); }
  header { display: flex; gap: 1rem; align-items: start; justify-content: space-between; }
  h2 { margin: 0; font-size: 1rem; }
  button { border: 1px solid #7f3a3f; border-radius: .25rem; background: none; color: inherit; font: inherit; padding: .125rem .625rem; cursor: pointer; }
  button:focus-visible { outline: 2px solid #fca5a5; outline-offset: 2px; }
  ol { margin: .75rem 0 0; padding: 0; list-style: none; display: grid; gap: .75rem; }
  code { color: #fca5a5; font: 13px ui-monospace, monospace; overflow-wrap: anywhere; }
  p { margin: .125rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
  .fix { color: #e3bcbc; }
`;

/** What is wrong with the plugin, over whatever page is open. It goes by itself when it is mended. */
class DevOverlay extends HTMLElement {
  readonly #root = this.attachShadow({ mode: 'open' });

  show(title: string, problems: readonly Problem[]): void {
    const section = make('section');
    section.setAttribute('role', 'alert');
    const header = make('header');
    const close = make('button', 'Dismiss');
    close.addEventListener('click', () => this.remove());
    header.append(make('h2', title), close);
    const list = make('ol');
    for (const problem of problems) {
      const item = make('li');
      const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined && part !== '');
      if (place.length > 0) item.append(make('code', place.join(':')));
      item.append(make('p', problem.message));
      if (problem.fix) item.append(Object.assign(make('p', problem.fix), { className: 'fix' }));
      list.append(item);
    }
    section.append(header, list);
    this.#root.replaceChildren(make('style', STYLE), section);
    document.body.append(this);
  }
}

function make<K extends keyof HTMLElementTagNameMap>(name: K, text = ''): HTMLElementTagNameMap[K] {
  return Object.assign(document.createElement(name), { textContent: text });
}

customElements.define('sodium-dev-overlay', DevOverlay);
const overlay = new DevOverlay();
document.addEventListener('keydown', ({ key }) => {
  if (key === 'Escape') overlay.remove();
});
new EventSource('/@sodium-dev/events').addEventListener('message', ({ data }) => {
  const event = JSON.parse(String(data)) as DevEvent;
  if (event.event === 'failed')
    overlay.show(event.kept ? 'Not updated: the last good version runs on' : 'Not running yet', event.problems);
  else if (event.event === 'threw') overlay.show('It failed in the browser', event.problems);
  else overlay.remove();
});
