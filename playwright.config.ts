import { availableParallelism } from 'node:os';
import { defineConfig } from '@playwright/test';
import { findBrowser } from './scripts/testing/browser.ts';

const WHOLE_SYSTEM = 'start.spec.ts';

/**
 * Every worker has a system of its own (see `e2e/console.ts`); the specs of a file share it, in their order. Only a spec
 * that hangs meets the limits, however slow or busy the machine is.
 */
export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/setup/global-setup.ts',
  workers: Math.min(4, Math.max(2, availableParallelism() - 1)),
  timeout: 300_000,
  expect: { timeout: 60_000 },
  forbidOnly: Boolean(process.env.CI),
  // A machine that stalls for seconds is no fault of a screen; what passes only then is reported as flaky.
  retries: process.env.CI ? 1 : 0,
  outputDir: 'test-results',
  reporter: [['list'], ['json', { outputFile: '.data/test/e2e.json' }]],
  // The longest spec begins first, so that no worker waits for it at the end.
  projects: [
    { name: 'whole system', testMatch: WHOLE_SYSTEM },
    { name: 'console', testIgnore: WHOLE_SYSTEM },
  ],
  use: {
    browserName: 'chromium',
    // Recording takes more than half of the processor time of a spec; for the trace of a failure: `--trace on`.
    trace: 'on-first-retry',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: findBrowser(),
      args: [
        '--no-sandbox',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
