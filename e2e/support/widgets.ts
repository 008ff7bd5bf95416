import type { Panel } from './panel.js';

/** A plugin with widgets of the given names. Each shows how often its view was made, so that a test can see it stay. */
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
        for (const { id, title, size } of ${JSON.stringify(list)}) {
          sodium.ui.addDashboardWidget({ id, title, size, render: (given) => {
            made[id] = (made[id] ?? 0) + 1;
            const view = document.createElement('p');
            view.textContent = title + ' made ' + made[id] + ' ' + given.size;
            return view;
          } });
        }
      }`,
  });
}
