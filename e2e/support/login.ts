import type { BrowserContext, Page } from '@playwright/test';
import { ADMIN } from './client.js';
import type { Panel } from './panel.js';

/** Logs a browser in as the admin of a panel that was set up through the API. */
export async function logIn(context: BrowserContext, panel: Panel, user = ADMIN): Promise<void> {
  const response = await context.request.post(`${panel.url}/api/auth/login`, {
    data: { username: user.username, password: user.password },
  });
  if (!response.ok()) throw new Error(`Login failed: ${response.status()} ${await response.text()}`);
}

/** Collects what a page complains about. */
export function faultsOf(page: Page): string[] {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  return faults;
}
