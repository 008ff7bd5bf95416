import { msg } from '@lit/localize';
import { html } from 'lit';
import type { Route } from './router.js';

/** The fixed addresses of the user's document. */
export function userRoutes(): Route[] {
  return [
    {
      path: '/',
      title: () => msg('Dashboard'),
      load: () => import('../pages/dashboard.js'),
      view: () => html`<sodium-dashboard></sodium-dashboard>`,
    },
    {
      path: '/servers',
      title: () => msg('Servers'),
      load: () => import('../pages/server-list.js'),
      view: () => html`<sodium-server-list></sodium-server-list>`,
    },
    {
      path: '/servers/new',
      title: () => msg('New server'),
      load: () => import('../pages/server-create.js'),
      view: () => html`<sodium-server-create></sodium-server-create>`,
    },
    ...['/servers/:id', '/servers/:id/:tab'].map((path) => serverRoute(path)),
    {
      path: '/account',
      title: () => msg('Your account'),
      load: () => import('../pages/account.js'),
      view: () => html`<sodium-account></sodium-account>`,
    },
  ];
}

function serverRoute(path: string): Route {
  return {
    path,
    title: () => msg('Server'),
    load: () => import('../pages/server/server-view.js'),
    view: ({ params }) =>
      html`<sodium-server-view .serverId=${params.id ?? ''} .tab=${params.tab ?? 'console'}></sodium-server-view>`,
    key: ({ params }) => `server ${params.id}`,
  };
}
