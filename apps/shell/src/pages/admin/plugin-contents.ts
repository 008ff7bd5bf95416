import { msg, str } from '@lit/localize';
import { HOOKS, matchHooks } from '@sodium/sdk';
import { html, nothing, type TemplateResult } from 'lit';
import type { PluginDetail } from './plugin-model.js';

/** What a plugin adds to the panel, and where it reaches in: everything that its manifest and its code have declared. */
export function pluginContents(plugin: PluginDetail): TemplateResult | typeof nothing {
  const groups = [hooks(plugin), routes(plugin), contributions(plugin), hosts(plugin), dependencies(plugin)].filter(
    (group) => group !== null,
  );
  if (groups.length === 0) return nothing;
  return html`<section class="so-card">
    <header><h2>${msg('What it brings')}</h2></header>
    <div class="so-card-body so-stack">${groups}</div>
  </section>`;
}

function group(title: string, note: string, entries: readonly unknown[]): TemplateResult | null {
  if (entries.length === 0) return null;
  return html`<div>
    <h3>${title}</h3>
    <p class="so-muted so-small">${note}</p>
    <ul class="so-plain-list">
      ${entries.map((entry) => html`<li>${entry}</li>`)}
    </ul>
  </div>`;
}

const badge = (text: string, look = ''): TemplateResult => html`<span class="so-badge ${look}">${text}</span>`;

function hooks({ hooks }: PluginDetail): TemplateResult | null {
  return group(
    msg('Hooks'),
    msg('What it hears of. It may veto what it is asked about beforehand.'),
    hooks.map(({ event, onError }) => {
      const asked = matchHooks(event).some((name) => HOOKS[name].kind === 'before');
      const failing = onError === 'allow' ? msg('allowed if it fails') : msg('refused if it fails');
      return html`<code>${event}</code>
        ${asked ? badge(failing, onError === 'allow' ? '' : 'so-badge-warning') : nothing}`;
    }),
  );
}

function routes({ id, routes, publicRoutes }: PluginDetail): TemplateResult | null {
  const open = publicRoutes.filter((path) => !routes.some((route) => route.path === path));
  const line = (method: string | null, path: string): TemplateResult =>
    html`<code>${method ?? msg('any')} /api/plugins/${id}${path}</code> ${
        publicRoutes.includes(path) ? badge(msg('without login'), 'so-badge-warning') : nothing
      }`;
  return group(msg('Routes'), msg('Addresses that it answers, for logged-in users unless it says otherwise.'), [
    ...routes.map(({ method, path }) => line(method, path)),
    ...open.map((path) => line(null, path)),
  ]);
}

function contributions({ contributes }: PluginDetail): TemplateResult | null {
  const { pages = [], sidebar = [], tabs = [], widgets = [], adminTabs = [] } = contributes ?? {};
  return group(msg('In the panel'), msg('What people see of it.'), [
    ...pages.map(({ title, path }) => html`${msg(str`Page “${title}”`)} <code>${path}</code>`),
    ...sidebar.map(({ label }) => msg(str`Sidebar item “${label}”`)),
    ...tabs.map(({ label }) => msg(str`Server tab “${label}”`)),
    ...widgets.map(({ title }) => msg(str`Dashboard widget “${title}”`)),
    ...adminTabs.map(({ label }) => msg(str`Admin tab “${label}”`)),
  ]);
}

function hosts({ network }: PluginDetail): TemplateResult | null {
  return group(
    msg('Hosts'),
    msg('Where it may send data, beside the addresses typed into its settings.'),
    network.map((host) => html`<code>${host}</code>`),
  );
}

function dependencies({ dependencies }: PluginDetail): TemplateResult | null {
  return group(
    msg('Other plugins'),
    msg('They have to be active for it to start.'),
    Object.entries(dependencies).map(
      ([id, range]) => html`<a href="/admin/plugins/${id}">${id}</a> <code>${range}</code>`,
    ),
  );
}
