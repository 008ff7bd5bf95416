import './frame/frame.css';
import { shimStorage } from './frame/storage-shims.js';
import { useFrameIcons } from './frame/frame-icons.js';
import { FrameHost } from './frame/frame-host.js';
import { readFrameStart } from './frame/frame-start.js';
import { applyTheme } from './frame/frame-theme.js';
import { FrameView } from './frame/frame-view.js';
import { PageLink } from './frame/page-link.js';
import { createPluginRuntime, type PluginRuntime } from './plugins/index.js';

/** A plugin's tabs in the admin area. This document has no origin, no cookie and no way to the panel but its own address. */
function start(): void {
  shimStorage(window);
  const context = readFrameStart();
  useFrameIcons(context.prefix);
  const link = new PageLink(new URL(location.href).origin);
  const host = new FrameHost(context, link);
  const runtime = createPluginRuntime(host);
  const view = new FrameView(runtime.store);
  link.listen({
    ping: () => link.send({ type: 'alive' }),
    confirmed: ({ id, answer }) => host.answer(id, answer),
    show: (shown) => view.show(shown),
    theme: ({ mode, tokens }) => {
      applyTheme(mode, tokens);
      host.setMode(mode);
    },
  });
  view.onHeight((height) => link.send({ type: 'height', height }));
  leadKeysAndLinksOut(link);
  link.send({ type: 'hello' });
  void tellTabs(runtime, context.plugin.id, link);
}

/** Which tabs there are is known once the client has run: it may add some, and filter them. */
async function tellTabs(runtime: PluginRuntime, plugin: string, link: PageLink): Promise<void> {
  await runtime.start();
  // A failure stands in the tab's place already.
  await runtime.load(plugin).catch(() => undefined);
  const tell = async (): Promise<void> => {
    const { adminTabs } = runtime.store;
    const kept = await runtime.filterAdminTabs(adminTabs.map(({ id, label }) => ({ id, label, plugin })));
    const tabs = kept.flatMap(({ id, label }) => {
      const known = adminTabs.find((tab) => tab.id === id);
      return known
        ? [{ id, label, subtabs: known.subtabs.map((subtab) => ({ id: subtab.id, label: subtab.label })) }]
        : [];
    });
    link.send({ type: 'tabs', tabs });
  };
  runtime.store.addEventListener('change', () => void tell());
  await tell();
}

/** Escape that nothing here used goes to the page, which takes the focus back; so do links to the panel's pages. */
function leadKeysAndLinksOut(link: PageLink): void {
  window.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented) link.send({ type: 'escape' });
  });
  document.addEventListener('click', (event) => {
    const anchor = event.composedPath().find((node): node is HTMLAnchorElement => node instanceof HTMLAnchorElement);
    const path = anchor?.getAttribute('href');
    if (event.defaultPrevented || !path || path.startsWith('#')) return;
    // Followed in here, it would replace this document.
    event.preventDefault();
    link.send({ type: 'navigate', path });
  });
}

start();
