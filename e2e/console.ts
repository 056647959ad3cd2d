import { setTimeout as pause } from 'node:timers/promises';
import {
  type BrowserContext,
  type BrowserContextOptions,
  test as base,
  expect,
  type Page,
  type TestInfo,
} from '@playwright/test';
import pg from 'pg';
import type { Role } from '#lib/contract/person.ts';
import { openSystem, type System } from './setup/open-system.ts';
import { type PolicyWatch, watchPolicy } from './watch-policy.ts';

type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>;
export type Fixtures = {
  /** The policy violations of the pages; a test with any fails. */
  policy: PolicyWatch;
  /** Opens a page in a separate browser context, signed in with this role. */
  openAs(role: Role | 'anonymous', options?: BrowserContextOptions): Promise<Page>;
};
type WorkerFixtures = {
  /** The system of this worker; a spec with a state that others must not see opens its own. */
  system: System;
  /** Queries the database of the system. */
  sql<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  sessions: Map<Role, StorageState>;
};

export { expect };

/** Playwright's test with a running system per worker; `page` is anonymous until it signs in. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  system: [openFilledSystem, { scope: 'worker' }],
  // biome-ignore lint/correctness/noEmptyPattern: as above
  sessions: [async ({}, use) => use(new Map()), { scope: 'worker' }],
  sql: [
    async ({ system }, use) => {
      const pool = new pg.Pool({ connectionString: system.databaseUrl, max: 1 });
      await use(async (text, values) => (await pool.query(text, values)).rows);
      await pool.end();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ system }, use) => use(system.url),
  policy: [
    async ({ browser }, use, info) => {
      const watch = watchPolicy(browser);
      await use(watch);
      watch.stop();
      info.annotations.push({ type: 'watched documents', description: `${watch.documents}` });
      expect(watch.broken).toEqual([]);
    },
    { auto: true },
  ],
  openAs: async ({ browser, system, sessions }, use, info) => {
    const opened: BrowserContext[] = [];
    await use(async (role, options) => {
      const context = await browser.newContext({ baseURL: system.url, ...options });
      opened.push(context);
      if (role !== 'anonymous') await signIn(context, system, role, sessions, info);
      return context.newPage();
    });
    await Promise.all(opened.map((context) => context.close()));
  },
});

/** As `test`, with a system apart: for specs that leave orders behind which were decided before. */
export const testApart = test.extend<object, WorkerFixtures>({
  system: [openFilledSystem, { scope: 'worker' }],
});

// biome-ignore lint/correctness/noEmptyPattern: a fixture lists what it uses, here nothing
async function openFilledSystem({}: object, use: (system: System) => Promise<void>): Promise<void> {
  const system = await openSystem({ filled: true });
  await use(system);
  await system.close();
}

/** Signs in over HTTP once per role; the form has its own spec. */
async function signIn(
  context: BrowserContext,
  system: System,
  role: Role,
  sessions: Map<Role, StorageState>,
  info: TestInfo,
): Promise<void> {
  const known = sessions.get(role);
  if (known) return context.addCookies(known.cookies);
  const { email, password } = accountOf(system, role);
  const ask = () =>
    context.request.post('/api/auth/sign-in/email', {
      headers: { origin: system.url },
      data: { email, password },
    });
  let response = await ask();
  // Specs with attacks use up the attempts of one address; other specs wait, as people would have to.
  while (response.status() === 429) {
    const wait = 1000 * (1 + Number(response.headers()['x-retry-after'] ?? 5));
    info.setTimeout(info.timeout + wait);
    await pause(wait);
    response = await ask();
  }
  expect(response.status()).toBe(200);
  sessions.set(role, await context.storageState());
}

export function accountOf(system: System, role: Role) {
  const account = system.accounts.find((candidate) => candidate.role === role);
  if (!account) throw new Error(`no account with the role ${role}`);
  return account;
}

export type Listed = { order_id: string; order_total_usd: number; suggestion: { refund_usd: number } };

/** An undecided order with a suggested refund; `index` selects another one. */
export async function findPending(page: Page, index = 0): Promise<Listed> {
  const response = await page.request.get(
    '/api/recommendations?status=queued&refund_class=partial&include_zero=true&limit=50',
  );
  const { items } = (await response.json()) as { items: Listed[] };
  const item = items[index];
  if (!item) throw new Error('no pending order with a suggested refund');
  return item;
}
