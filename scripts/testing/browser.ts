import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { loadEnv } from '#lib/env.ts';
import { OperatorError } from '#lib/errors.ts';
import { APT_GET, runApt } from './run-tool.ts';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * The browser of the end-to-end tests: that of CHROMIUM_PATH, an installed one, or Playwright's own.
 * @throws OperatorError where CHROMIUM_PATH names no file.
 */
export function findBrowser(): string | undefined {
  const named = loadEnv().CHROMIUM_PATH;
  if (named && !existsSync(named))
    throw new OperatorError(
      `CHROMIUM_PATH names ${named}, which does not exist. Correct it, or unset it to have a browser found.`,
    );
  return named ?? [...INSTALLED, chromium.executablePath()].find(existsSync);
}

/**
 * Makes sure that a browser is installed; installs Debian's Chromium if this user may.
 * @throws OperatorError where no browser is installed and it cannot be installed.
 */
export async function ensureBrowser(signal: AbortSignal): Promise<void> {
  if (findBrowser()) return;
  if (process.getuid?.() !== 0 || !existsSync(APT_GET)) throw missing();
  process.stderr.write('There is no browser for the end-to-end tests; installing Chromium with apt-get.\n');
  await runApt(['update'], signal);
  await runApt(['install', '-y', '--no-install-recommends', 'chromium'], signal);
  if (!findBrowser()) throw missing();
}

function missing(): OperatorError {
  return new OperatorError(
    'The end-to-end tests need a browser and none can be installed from here. Install Chromium or Chrome, or set CHROMIUM_PATH to one, or leave these tests out with `npm test -- --no-e2e`.',
  );
}
