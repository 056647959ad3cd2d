import type { Page } from '@playwright/test';
import { expect, test } from './console.ts';

const rows = (page: Page) => page.getByRole('table', { name: 'Orders' }).getByRole('link');
const range = (page: Page) => page.getByRole('navigation', { name: 'Pages' });

test('filters, sort and page are applied in SQL and restored from the URL', async ({ openAs, sql }) => {
  const page = await openAs('reviewer');
  await page.goto('/refunds?status=all');
  await expect(rows(page)).toHaveCount(25);
  const count = async (where: string) => {
    const text = `select count(*)::integer as n from recommender.pg_recommendations where ${where}`;
    const [row] = await sql<{ n: number }>(text);
    return (row?.n ?? 0).toLocaleString('en-US');
  };
  await expect(range(page)).toContainText(`1–25 of ${await count('true')}`);
  await page.getByRole('combobox', { name: 'Suggested class' }).selectOption('Partial');
  await expect(page).toHaveURL(/class=partial/);
  await expect(range(page)).toContainText(`of ${await count("refund_class = 'partial'")}`);
  await page.getByRole('combobox', { name: 'Sort' }).selectOption('Highest suggestion');
  const [top] = await sql<{ order_id: string }>(
    "select order_id from recommender.pg_recommendations where refund_class = 'partial' order by refund_usd desc, order_id desc limit 1",
  );
  await expect(rows(page).first()).toHaveText(top?.order_id ?? '');
  await page.getByRole('button', { name: 'Next page' }).click();
  await expect(range(page)).toContainText('26–');
  const second = await rows(page).allTextContents();
  await page.reload();
  await expect(range(page)).toContainText('26–');
  await expect(rows(page)).toHaveText(second);
  await page.getByRole('button', { name: 'Previous page' }).click();
  await expect(rows(page).first()).toHaveText(top?.order_id ?? '');
  await page.goBack();
  await expect(rows(page)).toHaveText(second);
});

test('totals link to the rows that they count', async ({ openAs }) => {
  const page = await openAs('viewer');
  await page.goto('/refunds');
  await expect(rows(page)).toHaveCount(25);
  await page.getByRole('link', { name: /Suggested, pending/ }).click();
  await expect(page).toHaveURL(/include_zero=false/);
  await expect(page.getByRole('button', { name: 'Only suggestions over $0' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await page.getByRole('link', { name: /Without an answer/ }).click();
  await expect(page.getByRole('heading', { name: 'No order fits these filters' })).toBeVisible();
  await page.getByRole('button', { name: 'Take all filters away' }).click();
  await expect(rows(page)).toHaveCount(25);
});

test('new orders are announced without moving the rows', async ({ openAs, sql }) => {
  const page = await openAs('reviewer');
  await page.goto('/refunds');
  await expect(rows(page)).toHaveCount(25);
  const before = await rows(page).allTextContents();
  await sql(`insert into recommender.pg_recommendations
    select news.*
    from (select to_jsonb(r) as known from recommender.pg_recommendations as r limit 1) as r
    cross join generate_series(1, 3) as n
    cross join jsonb_populate_record(
      null::recommender.pg_recommendations,
      known || jsonb_build_object('order_id', 'NEWS-' || n, 'delivered_ts', now())
    ) as news`);
  try {
    await expect(page.getByRole('button', { name: '3 new' })).toBeVisible();
    await expect(rows(page)).toHaveText(before);
    await page.getByRole('button', { name: '3 new' }).click();
    await expect(rows(page).filter({ hasText: 'NEWS-' })).toHaveCount(3);
  } finally {
    await sql("delete from recommender.pg_recommendations where order_id like 'NEWS-%'");
  }
});

test('j, k and Enter navigate the queue, and typing in a field does not', async ({ openAs }) => {
  const page = await openAs('reviewer');
  await page.goto('/refunds');
  await expect(rows(page)).toHaveCount(25);
  // Rows are visible before they handle keys.
  await expect(async () => {
    await page.keyboard.press('j');
    await expect(rows(page).nth(0)).toBeFocused({ timeout: 500 });
  }).toPass();
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await page.keyboard.press('j');
  const second = (await rows(page).nth(1).textContent()) ?? '';
  await expect(rows(page).nth(1)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: `Order ${second}` })).toBeVisible();
  await page.getByLabel('Reason').fill('');
  await page.getByLabel('Reason').pressSequentially('jk');
  await expect(page.getByLabel('Reason')).toHaveValue('jk');
});

test('the rows stay while the server is unreachable, and are updated afterwards', async ({ openAs }) => {
  const page = await openAs('reviewer');
  await page.goto('/refunds');
  await expect(rows(page)).toHaveCount(25);
  await page.route('**/api/recommendations**', (route) => route.abort());
  const alert = page.getByRole('alert').filter({ hasText: 'could not be refreshed' });
  await expect(alert).toContainText('What you see is from');
  await expect(rows(page)).toHaveCount(25);
  await page.unroute('**/api/recommendations**');
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(alert).toBeHidden();
});
