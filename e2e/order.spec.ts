import type { Page } from '@playwright/test';
import { expect, findPending, test } from './console.ts';
import { inspect } from './inspect.ts';

async function openOrder(page: Page): Promise<void> {
  await page.goto('/refunds');
  const { order_id } = await findPending(page);
  await page.goto(`/refunds/${order_id}`);
}

test('each phase is shown with the usual time at its location', async ({ openAs }) => {
  const page = await openAs('viewer');
  await openOrder(page);
  const phases = page.getByRole('list', { name: 'Phases' }).getByRole('listitem');
  await expect(phases).toHaveCount(5);
  for (const phase of await phases.all()) await expect(phase).toContainText(/P75 .*\d/);
});

test('the drive can be replayed with the keys of a slider', async ({ openAs }) => {
  const page = await openAs('viewer');
  await openOrder(page);
  const slider = page.getByRole('slider', { name: 'Time of the drive' });
  await expect(async () => {
    await slider.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Home');
    const start = / 0 % of the way, 0 s after the pick-up/;
    await expect(slider).toHaveAttribute('aria-valuetext', start, { timeout: 1000 });
  }).toPass();
  await page.keyboard.press('End');
  await expect(slider).toHaveAttribute('aria-valuetext', /100 % of the way/);
  await expect(page.getByRole('img', { name: /^The drive from the kitchen to the door: \d/ })).toBeVisible();
});

test('the event data is shown on request, without personal data', async ({ openAs }) => {
  const page = await openAs('viewer');
  await openOrder(page);
  const data = page.locator('pre');
  await expect(data).toHaveCount(0);
  await page.getByText('Event data as JSON').click();
  await expect(data).toContainText('"event_type":"order_created"');
  await expect(data).not.toContainText(/customer_(addr|lat|lon)/);
  await inspect(page, 'order-event-data');
});

test('an order whose id is two dots has a page of its own, to which the queue leads', async ({
  openAs,
  sql,
}) => {
  const page = await openAs('viewer');
  await page.goto('/refunds');
  const { order_id } = await findPending(page);
  for (const table of ['pg_orders', 'pg_recommendations'])
    await sql(
      `insert into recommender.${table}
       select (jsonb_populate_record(row, '{"order_id": ".."}')).* from recommender.${table} as row where order_id = $1`,
      [order_id],
    );
  await page.goto('/refunds?search=..');
  await page.locator('[data-queue-row=".."]').click();
  await expect(page).toHaveURL(/\/refunds\/~\.\.\?/);
  await expect(page.getByRole('heading', { name: /\.\./ })).toBeVisible();
  await page.reload();
  await page.getByText('Event data as JSON').click();
  await expect(page.locator('pre')).toContainText('"order_id":".."');
});

test('the address is shown on request, and the request is audited', async ({ openAs, sql }) => {
  const page = await openAs('reviewer');
  await page.goto('/refunds');
  const { order_id } = await findPending(page);
  await page.goto(`/refunds/${order_id}`);
  const [stored] = await sql<{ address: string }>(
    `select case json_typeof(body) when 'string' then (body #>> '{}')::json else body end ->> 'customer_addr' as address
    from lakeflow.all_events where order_id = $1 and event_type = 'order_created'`,
    [order_id],
  );
  expect(await page.content()).not.toContain(stored?.address);
  await page.getByRole('button', { name: 'Show the address' }).click();
  await expect(page.getByText(stored?.address ?? '')).toBeVisible();
  const kept = await sql(`select actor from auth.audit_log where action = 'reveal' and subject = $1`, [
    order_id,
  ]);
  expect(kept).toEqual([{ actor: 'reviewer@caspers.local' }]);
  const viewer = await openAs('viewer');
  await viewer.goto(`/refunds/${order_id}`);
  await expect(viewer.getByRole('heading', { name: 'Drive' })).toBeVisible();
  await expect(viewer.getByRole('button', { name: 'Show the address' })).toHaveCount(0);
});
