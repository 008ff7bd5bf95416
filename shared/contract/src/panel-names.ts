/** First segments of the addresses that belong to the panel: no plugin has pages there. */
export const PANEL_PATHS: ReadonlySet<string> = new Set([
  ...['account', 'admin', 'api', 'assets', 'dashboard', 'docs', 'healthz', 'icons', 'login', 'logout', 'metrics'],
  ...['plugins', 'preview', 'readyz', 'register', 'servers', 'setup'],
]);

/** The tabs that the panel's own server view has. */
export const PANEL_TABS: ReadonlySet<string> = new Set(['console', 'resources', 'schedules', 'settings']);
