const OPENED = 8;
/** Opened before, so that nothing is measured that only the first one pays: one by its link, then one as is measured. */
const WARM_UP = 2;

/** Opens the dashboard in a browser that knows nothing yet. Resolves with what that cost. */
export async function measureNavigation(browser, panel, { eager = false } = {}) {
  return withPage(browser, panel, async (page, session) => {
    if (eager) await page.addInitScript(importEagerly, panel.ids);
    await page.goto(`${panel.url}/`, { waitUntil: 'commit' });
    const ms = await page.evaluate(whenInteractive, { items: panel.ids.length, eager });
    // What still comes belongs to the navigation too: counted in the middle of it, requests would depend on the moment.
    await page.waitForLoadState('networkidle');
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const { requests, bytes } = await page.evaluate(trafficOf);
    return { ms, requests, bytes, heap: usedSize };
  });
}

/**
 * Opens plugins' pages from their links in one window and shows the same elements from plain imports in another, as a
 * page of one's own would: the address, the title and the marked link change, the old page goes, the new one is fetched,
 * drawn and focused. Both are the same source, with the shell's Lit; no pointer rested on the links before. The windows
 * take turns, so that whatever else the machine does weighs on both. Resolves with the milliseconds from each click to
 * the frame that shows the page, and those that the page's main thread worked for it.
 */
export async function measureFirstOpens(browser, panel) {
  return withPage(browser, panel, (page, session) =>
    withPage(browser, panel, async (otherPage, otherSession) => {
      const link = { page, session, open: openByLink, opened: [] };
      const plain = { page: otherPage, session: otherSession, open: openByImport, opened: [] };
      for (const window of [link, plain]) await arrive(window, panel);
      for (const [index, id] of panel.ids.slice(0, WARM_UP + OPENED).entries())
        for (const window of index % 2 ? [plain, link] : [link, plain]) await openIn(window, id, index);
      return { link: link.opened, plain: plain.opened };
    }),
  );
}

async function arrive({ page, session }, panel) {
  await page.goto(`${panel.url}/`);
  await page.evaluate(whenInteractive, { items: panel.ids.length, eager: false });
  await page.waitForLoadState('networkidle');
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
}

async function openIn({ page, session, open, opened }, id, index) {
  const before = await workOf(session);
  const ms = await page.evaluate(index === 0 ? openByLink : open, id);
  const work = (await workOf(session)) - before;
  if (index >= WARM_UP) opened.push({ ms, work });
  await page.waitForLoadState('networkidle');
  if (index === 0) await page.evaluate(prepareImports);
}

/** How long the main thread was busy so far, in milliseconds. */
async function workOf(session) {
  const { metrics } = await session.send('Performance.getMetrics');
  return 1000 * metrics.find(({ name }) => name === 'TaskDuration').value;
}

/** From the click on “Preview” of a plugin that nobody tries yet until the frame shows something that the plugin drew. */
export async function measurePreview(browser, panel, id) {
  const { name, value } = panel.cookie;
  const headers = { cookie: `${name}=${value}` };
  await fetch(`${panel.url}/api/admin/plugins/${id}/preview`, { method: 'DELETE', headers });
  return withPage(browser, panel, async (page) => {
    await page.goto(`${panel.url}/admin/plugins/${id}`);
    const began = await page
      .locator('wa-button[href$="/preview"]')
      .first()
      .evaluate((button) => {
        const at = Date.now();
        button.click();
        return at;
      });
    const element = await page.waitForSelector('.so-preview-screen iframe', { state: 'attached' });
    const frame = await element.contentFrame();
    const shown = await frame.waitForFunction(whenPluginShows, id, { polling: 'raf' });
    const { ended, requests } = await shown.jsonValue();
    return { ms: ended - began, requests };
  });
}

async function withPage(browser, panel, work) {
  const context = await browser.newContext();
  await context.addCookies([panel.cookie]);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('HeapProfiler.enable');
  try {
    return await work(page, session);
  } finally {
    await context.close();
  }
}

// These run in the page.

async function importEagerly(ids) {
  // The modules only have to run here; nothing of them is drawn. The page's own Lit would come too late.
  globalThis.benchShared = {
    lit: { html: String.raw, LitElement: HTMLElement },
    'lit/decorators.js': { state: () => () => undefined },
    'lit/directives/repeat.js': { repeat: () => undefined },
  };
  const registry = await (await fetch('/api/registry')).json();
  const bases = registry.items.filter(({ id }) => ids.includes(id)).map(({ base }) => base);
  globalThis.eagerDone = Promise.all(bases.map((base) => import(`${base}assets/plain.js`)));
}

async function whenInteractive({ items, eager }) {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const links = () => document.querySelectorAll('nav a[href^="/bench-"]').length;
  while (!document.querySelector('h1') || links() < items) await frame();
  if (eager) {
    while (!globalThis.eagerDone) await frame();
    await globalThis.eagerDone;
  }
  await frame();
  return performance.now();
}

function trafficOf() {
  const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
  return { requests: entries.length, bytes: entries.reduce((sum, { transferSize }) => sum + transferSize, 0) };
}

async function openByLink(id) {
  const drawn = new Promise((resolve) => {
    addEventListener('bench:drawn', function seen({ detail }) {
      if (detail.id !== id) return;
      removeEventListener('bench:drawn', seen);
      resolve(detail.element);
    });
  });
  const began = performance.now();
  document.querySelector(`nav a[href="/${id}"]`).click();
  const element = await drawn;
  do await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  while (element.offsetHeight === 0);
  return performance.now() - began;
}

/** What a page of one's own would have at hand: its Lit, here the one that the shell shares, and the addresses. */
async function prepareImports() {
  const shared = globalThis.__federation_shared__.default;
  globalThis.benchShared = {};
  for (const name of ['lit', 'lit/decorators.js', 'lit/directives/repeat.js'])
    globalThis.benchShared[name] = (await Object.values(shared[name])[0].get())();
  const { items } = await (await fetch('/api/registry')).json();
  globalThis.benchBases = Object.fromEntries(items.map(({ id, base }) => [id, base]));
}

async function openByImport(id) {
  const link = document.querySelector(`nav a[href="/${id}"]`);
  const drawn = new Promise((resolve) => {
    addEventListener('bench:drawn', function seen({ detail }) {
      if (detail.id !== id) return;
      removeEventListener('bench:drawn', seen);
      resolve(detail.element);
    });
  });
  const open = async (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    history.pushState(null, '', link.href);
    const { BenchView } = await import(`${globalThis.benchBases[id]}assets/plain.js`);
    customElements.define(`${id}-plain`, BenchView);
    document.querySelector('nav a[aria-current]')?.removeAttribute('aria-current');
    link.setAttribute('aria-current', 'page');
    document.title = id;
    const heading = Object.assign(document.createElement('h1'), { textContent: id, tabIndex: -1 });
    document.querySelector('main').replaceChildren(heading, document.createElement(`${id}-plain`));
    heading.focus();
  };
  link.addEventListener('click', (event) => void open(event), { once: true });
  const began = performance.now();
  link.click();
  const element = await drawn;
  do await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  while (element.offsetHeight === 0);
  return performance.now() - began;
}

function whenPluginShows(id) {
  const place = document.querySelector(`sodium-contribution[data-plugin="${id}"]`);
  const content = place?.shadowRoot?.querySelector('.content:not([hidden])')?.firstElementChild;
  if (!(content?.shadowRoot ?? content)?.textContent?.trim()) return null;
  return { ended: Date.now(), requests: 1 + performance.getEntriesByType('resource').length };
}
