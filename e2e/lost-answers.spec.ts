import type { Page, Route } from '@playwright/test';
import { advisoryLockSeeds } from '#db/advisory-locks.ts';
import { expect, findPending, test } from './console.ts';
import { inspect } from './inspect.ts';

const usd = (dollars: number) => `$${dollars.toFixed(2)}`;
const decision = (page: Page) => page.getByRole('region', { name: 'Decision', exact: true });

/** What was ever said in the panel of the decision, so that a word that came and went is found, too. */
async function listen(page: Page): Promise<() => Promise<string>> {
  await decision(page).evaluate((panel) => {
    const heard = Object.assign(window, { heard: panel.textContent });
    new MutationObserver(() => {
      heard.heard += ` | ${panel.textContent}`;
    }).observe(panel, { childList: true, subtree: true, characterData: true });
  });
  return () => page.evaluate(() => (window as unknown as { heard: string }).heard);
}

/** Opens an order that nobody has decided, and enters a decision of one's own. */
async function enter(page: Page) {
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

/** Does something else with the one request that decides. */
async function onDecision(page: Page, orderId: string, act: (route: Route) => Promise<void>): Promise<void> {
  let isDone = false;
  await page.route(`**/refunds/${orderId}`, (route) => {
    if (isDone || route.request().method() !== 'POST') return route.fallback();
    isDone = true;
    return act(route);
  });
}

const count = `select count(*)::integer as n from refunds.refund_decisions where order_id = $1`;

test('cut off between the commit and the answer, the screen checks and shows the decision that stands', async ({
  openAs,
  sql,
}) => {
  const page = await openAs('reviewer');
  const { order_id, button, amount } = await enter(page);
  const heard = await listen(page);
  const back = Promise.withResolvers<void>();
  await page.route('**/api/refunds?**', async (route) => {
    await back.promise;
    await route.continue();
  });
  await onDecision(page, order_id, async (route) => {
    await route.fetch();
    await route.abort('connectionreset');
  });
  await button.click();
  await expect(page.getByRole('button', { name: 'Checking…' })).toBeVisible();
  await expect(decision(page)).toContainText('No answer came');
  await inspect(page, 'order-checking');
  expect(await heard()).not.toMatch(/Decided|Not saved/);
  back.resolve();
  await expect(page.getByText(`Decided: refund of ${usd(amount)}`)).toBeVisible();
  expect(await heard()).not.toContain('Not saved');
  expect(await sql(count, [order_id])).toEqual([{ n: 1 }]);
});

test('cut off before the decision arrives, the screen says so, keeps what was entered, and sends it again', async ({
  openAs,
  sql,
}) => {
  const page = await openAs('reviewer');
  const { order_id, button, amount } = await enter(page);
  const heard = await listen(page);
  await onDecision(page, order_id, (route) => route.abort('connectionreset'));
  await button.click();
  const alert = page.getByRole('alert').filter({ hasText: 'Not saved' });
  await expect(alert).toContainText('nothing of this was written');
  await inspect(page, 'order-not-saved');
  expect(await heard()).toContain('Checking…');
  expect(await heard()).not.toContain('Decided');
  expect(await sql(count, [order_id])).toEqual([{ n: 0 }]);
  await expect(page.getByLabel('Reason', { exact: true })).toHaveValue('The soup was cold.');
  await expect(page.getByLabel('Amount in dollars')).toHaveValue(amount.toFixed(2));
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText(`Decided: refund of ${usd(amount)}`)).toBeVisible();
  expect(await sql(count, [order_id])).toEqual([{ n: 1 }]);
});

test('where the database ends the connection amid a decision, nothing is shown as applied that is not', async ({
  openAs,
  sql,
}) => {
  const page = await openAs('reviewer');
  const { order_id, button } = await enter(page);
  const heard = await listen(page);
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
  expect(await heard()).not.toContain('Decided');
  expect(await sql(count, [order_id])).toEqual([{ n: 0 }]);
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(decision(page)).toContainText('Decided: refund of');
  expect(await sql(count, [order_id])).toEqual([{ n: 1 }]);
});

test('a console that stays away leaves it open what became of a decision, and the same sent again decides once', async ({
  openAs,
  sql,
}) => {
  test.setTimeout(120_000);
  const page = await openAs('reviewer');
  const { order_id, button, amount } = await enter(page);
  await page.route('**/api/refunds?**', (route) => route.abort('connectionrefused'));
  await onDecision(page, order_id, async (route) => {
    await route.fetch();
    await route.abort('connectionreset');
  });
  await button.click();
  const doubt = page.getByText('It is not known whether this was saved');
  await expect(doubt).toBeVisible({ timeout: 60_000 });
  await inspect(page, 'order-no-answer');
  await button.click();
  await expect(page.getByText(`Decided: refund of ${usd(amount)}`)).toBeVisible();
  expect(await sql(count, [order_id])).toEqual([{ n: 1 }]);
});
