/** Opens the dashboard in a browser that knows nothing yet. Resolves with what that cost. */
export async function measureNavigation(browser, panel, { eager = false } = {}) {
  return withPage(browser, panel, async (page, session) => {
    if (eager) await page.addInitScript(importEagerly, panel.ids);
    await page.goto(`${panel.url}/`, { waitUntil: 'commit' });
    const ms = await page.evaluate(whenInteractive, { items: panel.ids.length, eager });
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const { requests, bytes } = await page.evaluate(trafficOf);
    return { ms, requests, bytes, heap: usedSize };
  });
}

/** Opens a plugin's page from its link, and then shows the same element from a plain import. Both in one page, in turns. */
export async function measureFirstOpen(browser, panel, round) {
  return withPage(browser, panel, async (page) => {
    await page.goto(`${panel.url}/`);
    await page.evaluate(whenInteractive, { items: panel.ids.length, eager: false });
    // Whoever opens the first plugin's page has the loader and the kit already, as the shell fetches them when idle.
    await page.evaluate(openByLink, panel.ids[0]);
    const [byLink, byImport] = [panel.ids[1 + 2 * round], panel.ids[2 + 2 * round]];
    const first = round % 2 === 0;
    const before = first ? 0 : await page.evaluate(openByImport, { id: byImport });
    const remote = await page.evaluate(openByLink, byLink);
    const plain = first ? await page.evaluate(openByImport, { id: byImport }) : before;
    return { remote, plain };
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
  const frame = () => new Promise((resolve) => setTimeout(resolve));
  const shown = () => {
    const place = document.querySelector(`sodium-contribution[data-plugin="${id}"]`);
    const content = place?.shadowRoot?.querySelector('.content:not([hidden])')?.firstElementChild;
    return content?.shadowRoot?.textContent.includes(`${id} is here`);
  };
  const began = performance.now();
  document.querySelector(`nav a[href="/${id}"]`).click();
  while (!shown()) await frame();
  return performance.now() - began;
}

async function openByImport({ id }) {
  const { items } = await (await fetch('/api/registry')).json();
  const { base } = items.find((entry) => entry.id === id);
  let LitElement = customElements.get('sodium-app');
  while (!Object.hasOwn(LitElement, '_$litElement$')) LitElement = Object.getPrototypeOf(LitElement);
  const html = (strings, ...values) => ({ _$litType$: 1, strings, values });
  const frame = () => new Promise((resolve) => setTimeout(resolve));
  const began = performance.now();
  const module = await import(`${base}assets/plain.js`);
  customElements.define(`${id}-plain`, module.default({ html, LitElement }));
  const element = document.body.appendChild(document.createElement(`${id}-plain`));
  while (!element.shadowRoot?.textContent.includes(`${id} is here`)) await frame();
  return performance.now() - began;
}
