import { msg } from '@lit/localize';
import { html } from 'lit';
import type { Route } from '../router/router.js';
import { userRoutes } from '../router/user-routes.js';

/** The addresses of a preview: those of the panel, and the plugin's tabs of the admin area. */
export function previewRoutes(): Route[] {
  return [
    ...userRoutes(),
    {
      path: '/admin-tabs/:tab',
      title: () => msg('Administration'),
      load: () => import('./preview-admin-tab.js'),
      view: ({ params, query }) =>
        html`<sodium-preview-admin-tab
          .tab=${params.tab ?? ''}
          .subtab=${query.get('subtab')}
        ></sodium-preview-admin-tab>`,
      key: ({ params }) => `admin tab ${params.tab}`,
    },
  ];
}
