import type { Page } from '@playwright/test';
import { advisoryLockSeeds, advisoryLocks } from '#db/advisory-locks.ts';
import { accountOf, expect, findPending, test } from './console.ts';
import { openSecondConsole, type SecondConsole } from './setup/second-console.ts';

const usd = (dollars: number) => `$${dollars.toFixed(2)}`;
/** Every audited transaction waits for this lock at its commit, and all work on an order for that of the order at its start. */
const orderLock = `hashtextextended($1, ${advisoryLockSeeds.order})`;
const count = 'select count(*)::integer as n from refunds.refund_decisions where order_id = $1';
const waiting = `select from pg_locks where locktype = 'advisory' and not granted
  and database = (select oid from pg_database where datname = current_database())`;

let mortal: SecondConsole;
test.beforeAll(async ({ system }) => {
  mortal = await openSecondConsole(system);
});
test.afterAll(() => mortal.close());

test('a console that dies between the commit and the answer: the screen checks until it is back, then shows the decision', async ({
  browser,
  system,
  sql,
}) => {
  const { page, orderId, amount } = await openOrder(await browser.newPage({ baseURL: mortal.url }), system);
  await sql(`select pg_advisory_lock(${advisoryLocks.auditLog})`);
  await page.getByRole('button', { name: `Refund ${usd(amount)}` }).click();
  await expect(async () => expect(await sql(waiting)).toHaveLength(1)).toPass();
  await mortal.kill();
  await sql(`select pg_advisory_unlock(${advisoryLocks.auditLog})`);
  await expect(page.getByRole('button', { name: 'Checking…' })).toBeVisible();
  await expect(async () => expect(await sql(count, [orderId])).toEqual([{ n: 1 }])).toPass();
  await expect(page.getByText('Decided:')).toHaveCount(0);
  await mortal.start();
  await expect(page.getByText(`Decided: refund of ${usd(amount)}`)).toBeVisible();
  expect(await sql(count, [orderId])).toEqual([{ n: 1 }]);
});

test('a console that dies before the commit: the screen says so once it is back, and sends the request again', async ({
  browser,
  system,
  sql,
}) => {
  const { page, orderId, amount } = await openOrder(await browser.newPage({ baseURL: mortal.url }), system);
  await sql(`select pg_advisory_lock(${orderLock})`, [orderId]);
  await page.getByRole('button', { name: `Refund ${usd(amount)}` }).click();
  await expect(async () => expect(await sql(waiting)).toHaveLength(1)).toPass();
  await mortal.kill();
  await sql(`select pg_advisory_unlock(${orderLock})`, [orderId]);
  await expect(page.getByRole('button', { name: 'Checking…' })).toBeVisible();
  await mortal.start();
  const alert = page.getByRole('alert').filter({ hasText: 'Not saved' });
  await expect(alert).toBeVisible();
  await expect(page.getByText('Decided:')).toHaveCount(0);
  expect(await sql(count, [orderId])).toEqual([{ n: 0 }]);
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText(`Decided: refund of ${usd(amount)}`)).toBeVisible();
  expect(await sql(count, [orderId])).toEqual([{ n: 1 }]);
});

/** Signs in at the console that will be killed and opens an undecided order. */
async function openOrder(page: Page, system: Parameters<typeof accountOf>[0]) {
  const { email, password } = accountOf(system, 'reviewer');
  const answer = await page.request.post('/api/auth/sign-in/email', {
    headers: { origin: mortal.url },
    data: { email, password },
  });
  expect(answer.status()).toBe(200);
  await page.goto('/refunds');
  const { order_id: orderId, suggestion } = await findPending(page);
  await page.goto(`/refunds/${orderId}`);
  const amount = suggestion.refund_usd;
  await expect(page.getByRole('button', { name: `Refund ${usd(amount)}` })).toBeEnabled();
  await expect(page.locator('form[inert]')).toHaveCount(0);
  return { page, orderId, amount };
}
