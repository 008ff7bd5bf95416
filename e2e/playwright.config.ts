import { defineConfig } from '@playwright/test';

const root = process.getuid?.() === 0;

export default defineConfig({
  testDir: 'specs',
  outputDir: 'test-results',
  timeout: 60_000,
  expect: { timeout: 15_000 },
  fullyParallel: false,
  workers: 2,
  // A shared machine may stand still for seconds. What fails twice is broken; what failed once is listed as flaky.
  retries: process.env.CI ? 1 : 0,
  forbidOnly: !!process.env.CI,
  use: {
    locale: 'en-US',
    // A trace asks the browser for the body of every answer. When a page or a frame goes away in between, some are never
    // given, and the test hangs while its context closes; the rest costs time in each test. The second try has one.
    trace: 'on-first-retry',
    launchOptions: {
      executablePath: process.env.SODIUM_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        ...(root ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
