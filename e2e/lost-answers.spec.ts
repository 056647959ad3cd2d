import type { Page, Route } from '@playwright/test';
import { advisoryLockSeeds } from '#db/advisory-locks.ts';
import { expect, findPending, test } from './console.ts';
import { inspect } from './inspect.ts';

const usd = (dollars: number) => `$${dollars.toFixed(2)}`;
const decision = (page: Page) => page.getByRole('region', { name: 'Decision', exact: true });

/** Records every text of the decision panel, so that a text that was shown only briefly is found too. */
async function recordTexts(page: Page): Promise<() => Promise<string>> {
  await decision(page).evaluate((panel) => {
    const texts = Object.assign(window, { texts: panel.textContent });
    new MutationObserver(() => {
      texts.texts += ` | ${panel.textContent}`;
    }).observe(panel, { childList: true, subtree: true, characterData: true });
  });
  return () => page.evaluate(() => (window as unknown as { texts: string }).texts);
}

/** Opens an order without a decision, and enters a decision that overrides the suggestion. */
async function enterOverride(page: Page) {
  await page.goto('/refunds');
  const { order_id, suggestion } = await findPending(page);
  await page.goto(`/refunds/${order_id}`);
  const amount = suggestion.refund_usd + 0.25;
  await expect(page.getByRole('button', { name: /^Refund \$/ })).toBeEnabled();
  await expect(page.locator('form[inert]')).toHaveCount(0);
  await page.getByLabel('Amount in dollars').fill(amount.toFixed(2));
  await page.getByLabel('Why not as suggested').selectOption({ index: 1 });
  await page.getByLabel('Reason', { exact: true }).fill('The soup was cold.');
  return { order_id, button: page.getByRole('button', { name: `Refund ${usd(amount)}` }), amount };
}

/** Intercepts the one request that decides. */
async function interceptDecision(
  page: Page,
  orderId: string,
  act: (route: Route) => Promise<void>,
): Promise<void> {
  let isDone = false;
  await page.route(`**/refunds/${orderId}`, (route) => {
    if (isDone || route.request().method() !== 'POST') return route.fallback();
    isDone = true;
    return act(route);
  });
}

const count = `select count(*)::integer as n from refunds.refund_decisions where order_id = $1`;

test('a connection lost between the commit and the answer: the screen checks and shows the current decision', async ({
  openAs,
  sql,
}) => {
  const page = await openAs('reviewer');
  const { order_id, button, amount } = await enterOverride(page);
  const texts = await recordTexts(page);
  const back = Promise.withResolvers<void>();
  await page.route('**/api/refunds?**', async (route) => {
    await back.promise;
    await route.continue();
  });
  await interceptDecision(page, order_id, async (route) => {
    await route.fetch();
    await route.abort('connectionreset');
  });
  await button.click();
  await expect(page.getByRole('button', { name: 'Checking…' })).toBeVisible();
  await expect(decision(page)).toContainText('No answer came');
  await inspect(page, 'order-checking');
  expect(await texts()).not.toMatch(/Decided|Not saved/);
  back.resolve();
  await expect(page.getByText(`Decided: refund of ${usd(amount)}`)).toBeVisible();
  expect(await texts()).not.toContain('Not saved');
  expect(await sql(count, [order_id])).toEqual([{ n: 1 }]);
});

test('a connection lost before the request arrives: the screen says so, keeps the input, and sends it again', async ({
  openAs,
  sql,
}) => {
  const page = await openAs('reviewer');
  const { order_id, button, amount } = await enterOverride(page);
  const texts = await recordTexts(page);
  await interceptDecision(page, order_id, (route) => route.abort('connectionreset'));
  await button.click();
  const alert = page.getByRole('alert').filter({ hasText: 'Not saved' });
  await expect(alert).toContainText('nothing of this was written');
  await inspect(page, 'order-not-saved');
  expect(await texts()).toContain('Checking…');
  expect(await texts()).not.toContain('Decided');
  expect(await sql(count, [order_id])).toEqual([{ n: 0 }]);
  await expect(page.getByLabel('Reason', { exact: true })).toHaveValue('The soup was cold.');
  await expect(page.getByLabel('Amount in dollars')).toHaveValue(amount.toFixed(2));
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText(`Decided: refund of ${usd(amount)}`)).toBeVisible();
  expect(await sql(count, [order_id])).toEqual([{ n: 1 }]);
});

test('if the database closes the connection during a decision, only what was applied is shown as applied', async ({
  openAs,
  sql,
}) => {
  const page = await openAs('reviewer');
  const { order_id, button } = await enterOverride(page);
  const texts = await recordTexts(page);
  await sql('select pg_advisory_lock(hashtextextended($1, $2))', [order_id, advisoryLockSeeds.order]);
  await button.click();
  await expect(page.getByRole('button', { name: 'Saving…' })).toBeVisible();
  const ended = () =>
    sql<{ ended: boolean }>(
      `select pg_terminate_backend(pid) as ended from pg_locks
       where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`,
    );
  await expect(async () => expect(await ended()).toHaveLength(1)).toPass();
  await expect(page.getByRole('button', { name: 'Checking…' })).toBeVisible();
  await sql('select pg_advisory_unlock(hashtextextended($1, $2))', [order_id, advisoryLockSeeds.order]);
  const alert = page.getByRole('alert').filter({ hasText: 'Not saved' });
  await expect(alert).toBeVisible();
  expect(await texts()).not.toContain('Decided');
  expect(await sql(count, [order_id])).toEqual([{ n: 0 }]);
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(decision(page)).toContainText('Decided: refund of');
  expect(await sql(count, [order_id])).toEqual([{ n: 1 }]);
});

test('while the console is unreachable the outcome is unknown, and sending the request again decides once', async ({
  openAs,
  sql,
}) => {
  const page = await openAs('reviewer');
  const { order_id, button, amount } = await enterOverride(page);
  await page.route('**/api/refunds?**', (route) => route.abort('connectionrefused'));
  await interceptDecision(page, order_id, async (route) => {
    await route.fetch();
    await route.abort('connectionreset');
  });
  await button.click();
  const doubt = page.getByText('It is not known whether this was saved');
  await expect(doubt).toBeVisible();
  await inspect(page, 'order-no-answer');
  await button.click();
  await expect(page.getByText(`Decided: refund of ${usd(amount)}`)).toBeVisible();
  expect(await sql(count, [order_id])).toEqual([{ n: 1 }]);
});
