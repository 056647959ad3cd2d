import { expect, test } from './console.ts';
import { inspect } from './inspect.ts';

test('selected orders are decided together after a preview; an order claimed by another person is named', async ({
  openAs,
  sql,
}) => {
  const [page, lead] = [await openAs('reviewer'), await openAs('lead')];
  await page.goto('/refunds?status=queued&refund_class=none');
  const boxes = page.getByRole('checkbox', { name: /^Select order/ });
  for (const at of [0, 1, 2]) await boxes.nth(at).check();
  const held = (await page.getByRole('row').nth(2).getByRole('link').textContent()) ?? '';
  await expect(page.getByText('3 selected')).toBeVisible();
  await lead.goto(`/refunds/${held}`);
  await lead.getByRole('button', { name: 'Claim', exact: true }).click();
  await expect(lead.getByText(/has it; free again/)).toBeVisible();
  await page.getByRole('button', { name: 'As suggested…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Decide as suggested' });
  await expect(dialog).toContainText('2 of 3 would be decided, $0.00 in all.');
  await expect(dialog.getByRole('region', { name: 'Left out' })).toContainText(held);
  await inspect(page, 'bulk-preview');
  await dialog.getByRole('button', { name: 'No refund for 2 orders' }).click();
  await expect(dialog).toContainText('2 of 2 are decided');
  await inspect(page, 'bulk-outcome');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText('3 selected')).toHaveCount(0);
  await lead.getByRole('button', { name: 'Put back' }).click();
  const [row] = await sql<{ n: number }>(
    'select count(*)::integer as n from refunds.refund_decisions where batch_id is not null',
  );
  expect(row?.n).toBe(2);
});

test('an order is found by its number, and filters are in the URL', async ({ openAs }) => {
  const page = await openAs('reviewer');
  await page.goto('/refunds?status=all');
  const link = page.getByRole('row').nth(5).getByRole('link');
  const order = (await link.textContent()) ?? '';
  await expect(page.getByRole('button', { name: 'Claim next' })).toBeEnabled();
  await expect(async () => {
    await page.keyboard.press('/');
    await expect(page.getByRole('searchbox', { name: 'Order number' })).toBeFocused({ timeout: 500 });
  }).toPass();
  await page.keyboard.type(order.slice(0, 6));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`search=${order.slice(0, 6)}`));
  await expect(page.getByRole('row')).toHaveCount(2);
  await expect(page.getByRole('link', { name: order })).toBeVisible();
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByLabel('Source').selectOption('policy');
  await expect(page).toHaveURL(/source=policy/);
  await inspect(page, 'queue-filters');
  await page.reload();
  await expect(page.getByRole('link', { name: order })).toBeVisible();
});

test('the next unassigned order is claimed and opened at once', async ({ openAs }) => {
  const page = await openAs('reviewer');
  await page.goto('/refunds');
  await expect(page.getByRole('row').nth(1)).toBeVisible();
  await page.getByRole('button', { name: 'Claim next' }).click();
  await expect(page.getByText(/has it; free again in/)).toBeVisible();
  await page.getByRole('button', { name: 'Put back' }).click();
  await expect(page.getByRole('button', { name: 'Claim', exact: true })).toBeEnabled();
});
