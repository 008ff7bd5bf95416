import { msg } from '@lit/localize';
import { html } from 'lit';
import type { Route } from './router.js';

/** The addresses of the admin document. */
export function adminRoutes(): Route[] {
  return [
    {
      path: '/admin',
      title: () => msg('Overview'),
      load: () => import('../pages/admin/overview.js'),
      view: () => html`<sodium-admin-overview></sodium-admin-overview>`,
    },
    {
      path: '/admin/plugins',
      title: () => msg('Plugins'),
      load: () => import('../pages/admin/plugin-list.js'),
      view: ({ query }) => html`<sodium-admin-plugins .query=${query}></sodium-admin-plugins>`,
    },
    {
      path: '/admin/plugin-data',
      title: () => msg('Left-over data'),
      load: () => import('../pages/admin/left-over-data.js'),
      view: () => html`<sodium-left-over-data></sodium-left-over-data>`,
    },
    {
      path: '/admin/plugins/:id',
      title: ({ params }) => `${params.id} · ${msg('Plugins')}`,
      load: () => import('../pages/admin/plugin-detail.js'),
      view: ({ params, query }) =>
        html`<sodium-admin-plugin
          .pluginId=${params.id ?? ''}
          .tab=${query.get('tab')}
          .subtab=${query.get('subtab')}
        ></sodium-admin-plugin>`,
      key: ({ params }) => `plugin ${params.id}`,
    },
    {
      path: '/admin/plugins/:id/preview',
      title: ({ params }) => `${msg('Preview')} · ${params.id}`,
      load: () => import('../pages/admin/preview-page.js'),
      view: ({ params }) => html`<sodium-admin-preview .pluginId=${params.id ?? ''}></sodium-admin-preview>`,
      key: ({ params }) => `preview ${params.id}`,
    },
    {
      path: '/admin/servers',
      title: () => msg('Servers'),
      load: () => import('../pages/admin/servers.js'),
      view: () => html`<sodium-admin-servers></sodium-admin-servers>`,
    },
    {
      path: '/admin/users',
      title: () => msg('Users'),
      load: () => import('../pages/admin/users.js'),
      view: () => html`<sodium-admin-users></sodium-admin-users>`,
    },
    {
      path: '/admin/schedules',
      title: () => msg('Schedules'),
      load: () => import('../pages/admin/schedules.js'),
      view: () => html`<sodium-admin-schedules></sodium-admin-schedules>`,
    },
    {
      path: '/admin/audit',
      title: () => msg('Audit log'),
      load: () => import('../pages/admin/audit.js'),
      view: () => html`<sodium-admin-audit></sodium-admin-audit>`,
    },
  ];
}
