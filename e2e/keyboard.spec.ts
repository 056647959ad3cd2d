import type { Page } from '@playwright/test';
import { expect, findPending, test } from './console.ts';
import { inspect } from './inspect.ts';

/** Rows are visible before they handle keys: presses j until the first row has the focus. */
async function waitForKeys(page: Page): Promise<void> {
  await expect(async () => {
    await page.keyboard.press('j');
    await expect(page.getByRole('row').nth(1).getByRole('link')).toBeFocused({ timeout: 500 });
  }).toPass();
}

test('twenty orders are decided with the keyboard alone', async ({ openAs, sql }) => {
  const page = await openAs('reviewer', { viewport: { width: 1440, height: 900 } });
  const count = async () =>
    Number((await sql<{ count: string }>('select count(*) from refunds.refund_decisions'))[0]?.count);
  const before = await count();
  await page.goto('/refunds');
  await expect(page.getByRole('row').nth(20)).toBeVisible();
  await waitForKeys(page);
  await page.keyboard.press('Enter');
  for (let decided = 0; decided < 20; decided++) {
    await expect(page.getByRole('button', { name: /^(Refund \$|No refund)/ })).toBeEnabled();
    const order = await page.getByRole('heading', { level: 1, name: /^Order/ }).textContent();
    await page.keyboard.press('a');
    await expect(page.getByRole('region', { name: 'Decision', exact: true })).toContainText('Decided:');
    if (decided === 19) break;
    await page.keyboard.press('j');
    await expect(page.getByRole('heading', { level: 1, name: /^Order/ })).not.toHaveText(order ?? '');
  }
  expect((await count()) - before).toBe(20);
});

test('j and k continue over the ends of a page, between rows and between orders', async ({ openAs }) => {
  const page = await openAs('reviewer', { viewport: { width: 1440, height: 900 } });
  await page.goto('/refunds?status=all');
  const links = page.getByRole('table', { name: 'Orders' }).getByRole('link');
  await expect(links).toHaveCount(25);
  await waitForKeys(page);
  const last = (await links.last().textContent()) ?? '';
  await links.last().focus();
  await page.keyboard.press('j');
  await expect(page).toHaveURL(/page=2/);
  await expect(links.first()).toBeFocused();
  const first = (await links.first().textContent()) ?? '';
  expect(first).not.toBe(last);
  await page.keyboard.press('k');
  await expect(page).not.toHaveURL(/page=/);
  await expect(page.getByRole('link', { name: last })).toBeFocused();
  await page.keyboard.press('Enter');
  const heading = page.getByRole('heading', { level: 1, name: /^Order/ });
  await expect(heading).toHaveText(`Order ${last}`);
  await page.keyboard.press('j');
  await expect(heading).toHaveText(`Order ${first}`);
  await expect(page).toHaveURL(/page=2/);
  await page.keyboard.press('k');
  await expect(heading).toHaveText(`Order ${last}`);
});

test('a key chooses a refund class and focuses its first input; typing in a field does not', async ({
  openAs,
}) => {
  const page = await openAs('reviewer');
  await page.goto('/refunds');
  const { order_id } = await findPending(page);
  await page.goto(`/refunds/${order_id}`);
  await expect(page.getByRole('button', { name: /^Refund \$/ })).toBeEnabled();
  await expect(page.locator('form[inert]')).toHaveCount(0);
  await page.keyboard.press('n');
  await expect(page.getByRole('radio', { name: /None/ })).toBeChecked();
  await expect(page.getByLabel('Why not as suggested')).toBeFocused();
  const reason = page.getByLabel('Reason', { exact: true });
  await page.keyboard.press('Tab');
  await expect(reason).toBeFocused();
  await page.keyboard.type('jkanpfxu?/');
  await expect(reason).toHaveValue('jkanpfxu?/');
  await expect(page.getByRole('heading', { level: 1, name: `Order ${order_id}` })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('p');
  await expect(page.getByLabel('Amount in dollars')).toBeFocused();
  await page.keyboard.type('0.75');
  await page.getByLabel('Why not as suggested').selectOption({ index: 1 });
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Decided: refund of $0.75')).toBeVisible();
});

test('Esc returns to the row that was open', async ({ openAs }) => {
  const page = await openAs('reviewer');
  await page.goto('/refunds');
  const third = page.getByRole('row').nth(3).getByRole('link');
  const order = (await third.textContent()) ?? '';
  await third.click();
  await expect(page.getByRole('heading', { level: 1, name: `Order ${order}` })).toBeVisible();
  await expect(page.locator('form[inert]')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/\/refunds$/);
  await expect(page.getByRole('link', { name: order })).toBeFocused();
});

test('the shortcuts are listed, and every command and order is found by typing', async ({ openAs }) => {
  const page = await openAs('reviewer');
  await page.goto('/refunds');
  const { order_id } = await findPending(page);
  await expect(page.getByRole('row').nth(1)).toBeVisible();
  const keys = page.getByRole('dialog', { name: 'Keys' });
  await expect(async () => {
    await page.keyboard.press('?');
    await expect(keys).toContainText('Next order', { timeout: 1000 });
  }).toPass();
  await inspect(page, 'keys');
  await page.keyboard.press('Escape');
  await expect(keys).toHaveCount(0);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog', { name: 'Commands' })).toContainText('Next order');
  await page.keyboard.type('zzz');
  await expect(page.getByText('Nothing here has that name.')).toBeVisible();
  await page.keyboard.press('Control+a');
  await page.keyboard.type(order_id);
  await inspect(page, 'palette');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: `Order ${order_id}` })).toBeVisible();
});

test('a decision that fails after moving on is shown on the current screen', async ({ openAs }) => {
  const page = await openAs('reviewer', { viewport: { width: 1440, height: 900 } });
  await page.goto('/refunds');
  await expect(page.getByRole('row').nth(3)).toBeVisible();
  const order = (await page.getByRole('row').nth(1).getByRole('link').textContent()) ?? '';
  await page.getByRole('row').nth(1).getByRole('link').click();
  await expect(page.getByRole('button', { name: /^(Refund \$|No refund)/ })).toBeEnabled();
  await expect(page.locator('form[inert]')).toHaveCount(0);
  const held = Promise.withResolvers<void>();
  await page.route(`**/refunds/${order}*`, async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    await held.promise;
    return route.abort();
  });
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('button', { name: 'Saving…' })).toBeVisible();
  const next = page.getByRole('row').nth(2).getByRole('link');
  await next.click();
  await expect(
    page.getByRole('heading', { level: 1, name: `Order ${await next.textContent()}` }),
  ).toBeVisible();
  held.resolve();
  const alert = page.getByRole('alert').filter({ hasText: `Order ${order} was not decided` });
  await expect(alert).toBeVisible();
  await inspect(page, 'background-failure');
  await alert.getByRole('button', { name: 'Close' }).click();
  await expect(alert).toHaveCount(0);
});

test('shortcuts of the order are off while typing elsewhere, and Esc in a dialog stays on the order', async ({
  openAs,
  sql,
}) => {
  const page = await openAs('reviewer', { viewport: { width: 1440, height: 900 } });
  await page.goto('/refunds');
  const { order_id } = await findPending(page);
  await page.goto(`/refunds/${order_id}`);
  await expect(page.getByRole('button', { name: /^Refund \$/ })).toBeEnabled();
  await expect(page.locator('form[inert]')).toHaveCount(0);
  await page.getByRole('searchbox', { name: 'Order number' }).focus();
  await page.keyboard.press('Control+Enter');
  await page.keyboard.press('Escape');
  await page.keyboard.press('s');
  await expect(page.getByRole('dialog', { name: 'Put this order aside' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page).toHaveURL(new RegExp(`/refunds/${order_id}`));
  const decided = await sql('select from refunds.refund_decisions where order_id = $1', [order_id]);
  expect(decided).toHaveLength(0);
});
