import type { Page } from '@playwright/test';
import { expect, type Fixtures, findPending, testApart as test } from './console.ts';
import { inspect } from './inspect.ts';

test('a decision can be undone from the next order, for as long as an undo is accepted', async ({
  openAs,
  sql,
}) => {
  const { page, order_id } = await openPending(openAs);
  await page.keyboard.press('a');
  await expect(page.getByText('Decided: refund of')).toBeVisible();
  const message = page.getByRole('status').filter({ hasText: `on ${order_id}` });
  await expect(message).toHaveCount(0);
  await page.keyboard.press('j');
  await expect(message).toContainText(/^Refunded \$\d+\.\d\d on /);
  await expect(page.getByRole('heading', { level: 1, name: /^Order/ })).not.toHaveText(`Order ${order_id}`);
  await inspect(page, 'decided-before');
  await message.getByRole('button', { name: 'Undo' }).click();
  await expect(message).toHaveCount(0);
  const decisions = await sql<{ kind: string }>(
    'select kind from refunds.refund_decisions where order_id = $1 order by id',
    [order_id],
  );
  expect(decisions.map(({ kind }) => kind)).toEqual(['decision', 'undo']);
});

test('an ended session loses nothing: the page stays, with what was typed and a way to sign in', async ({
  openAs,
}) => {
  const { page } = await openPending(openAs, 1);
  await page.getByLabel('Reason', { exact: true }).fill('The customer called twice.');
  const cookies = await page.context().cookies();
  await page.context().clearCookies();
  await page.getByRole('button', { name: 'Claim', exact: true }).click();
  const notice = page.getByRole('alert').filter({ hasText: 'Your session has ended' });
  await expect(notice.getByRole('link', { name: 'Sign in again' })).toBeVisible();
  await expect(page.getByLabel('Reason', { exact: true })).toHaveValue('The customer called twice.');
  await page.context().addCookies(cookies);
  await page.getByRole('button', { name: 'Claim', exact: true }).click();
  await expect(notice).toHaveCount(0);
  await expect(page.getByLabel('Reason', { exact: true })).toHaveValue('The customer called twice.');
});

test('a decision that was begun is kept through navigation, reload and Esc, and its row says so', async ({
  openAs,
}) => {
  const { page, order_id } = await openPending(openAs, 2);
  const reason = page.getByLabel('Reason', { exact: true });
  await page.getByRole('radio', { name: /None/ }).check();
  await reason.fill('The customer has called twice.');
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: order_id }) });
  await expect(row).toContainText('Draft');
  await inspect(page, 'draft');
  await page.reload();
  await expect(reason).toHaveValue('The customer has called twice.');
  await expect(page.getByRole('radio', { name: /None/ })).toBeChecked();
  await expect(page.locator('form[inert]')).toHaveCount(0);
  await page.locator('#order-title').click();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/\/refunds$/);
  await row.getByRole('link').click();
  await expect(reason).toHaveValue('The customer has called twice.');
  await page.getByLabel('Why not as suggested').selectOption({ index: 1 });
  await page.getByRole('button', { name: 'No refund', exact: true }).click();
  await expect(page.getByText('Decided: no refund')).toBeVisible();
  await page.reload();
  await expect(page.getByText('Decided: no refund')).toBeVisible();
  await expect(row.getByText('Draft')).toHaveCount(0);
  const kept = await page.evaluate(
    (id) => Object.keys(localStorage).filter((key) => key.endsWith(id)),
    order_id,
  );
  expect(kept).toEqual([]);
});

test('an undo brings back what was entered, and one that finds the session ended loses nothing', async ({
  openAs,
}) => {
  const { page, order_id } = await openPending(openAs, 3);
  const reason = page.getByLabel('Reason', { exact: true });
  await page.getByRole('radio', { name: /None/ }).check();
  await reason.fill('Entered before the undo.');
  await page.getByLabel('Why not as suggested').selectOption({ index: 1 });
  await page.getByRole('button', { name: 'No refund', exact: true }).click();
  await expect(page.getByText('Decided: no refund')).toBeVisible();
  await page.keyboard.press('j');
  const message = page.getByRole('status').filter({ hasText: `No refund for ${order_id}` });
  const undo = message.getByRole('button', { name: 'Undo' });
  const cookies = await page.context().cookies();
  await page.context().clearCookies();
  await undo.click();
  await expect(page.getByText(`Order ${order_id}: the decision was not undone`)).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Refund queue' })).toBeVisible();
  await page.context().addCookies(cookies);
  await undo.click();
  await expect(message).toHaveCount(0);
  await page.goto(`/refunds/${order_id}`);
  await expect(reason).toHaveValue('Entered before the undo.');
  await expect(page.getByRole('radio', { name: /None/ })).toBeChecked();
});

/** Opens an undecided order with a suggested refund beside the queue, its form alive. */
async function openPending(openAs: Fixtures['openAs'], index = 0): Promise<{ page: Page; order_id: string }> {
  const page = await openAs('reviewer', { viewport: { width: 1440, height: 900 } });
  await page.goto('/refunds');
  const { order_id } = await findPending(page, index);
  await page.goto(`/refunds/${order_id}`);
  await expect(page.locator('form:not([inert])').getByRole('button', { name: /^Refund \$/ })).toBeEnabled();
  return { page, order_id };
}
