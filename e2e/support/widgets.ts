import type { Panel } from './panel.js';

/**
 * A plugin with widgets of the given names. Each shows how often its view was made and whether it has left the page, so
 * that a test can see it stay. The first is a plain element, the others are Lit's, defined by their author.
 */
export async function dropWidgets(
  panel: Panel,
  id: string,
  widgets: Record<string, 'small' | 'medium' | 'large'>,
): Promise<void> {
  const list = Object.entries(widgets).map(([title, size]) => ({ id: title.toLowerCase(), title, size }));
  await panel.drop(id, {
    'plugin.json': {
      id,
      name: id,
      version: '1.0.0',
      type: 'widget',
      sodium: '>=1.0.0',
      permissions: ['ui:widgets'],
      contributes: { widgets: list },
    },
    'client.js': `
      const made = {};
      export default function (sodium) {
        class Plain extends HTMLElement { disconnectedCallback() { this.append(' has left'); } }
        class OfLit extends sodium.lit.LitElement {
          createRenderRoot() { return this; }
          disconnectedCallback() { super.disconnectedCallback(); this.append(' has left'); }
        }
        const lit = '${id}-view-' + Math.random().toString(36).slice(2);
        customElements.define(lit, OfLit);
        const plain = sodium.define('plain', Plain);
        for (const { id, title, size } of ${JSON.stringify(list)}) {
          sodium.ui.addDashboardWidget({ id, title, size, render: (given) => {
            made[id] = (made[id] ?? 0) + 1;
            const view = document.createElement(id === '${list[0]!.id}' ? plain : lit);
            view.style.display = 'block';
            view.textContent = title + ' made ' + made[id] + ' ' + given.size;
            return view;
          } });
        }
      }`,
  });
}
