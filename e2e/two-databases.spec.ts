import type { Page } from '@playwright/test';
import { test as base, expect, findPending } from './console.ts';
import { openTwoDatabases, type TwoDatabases } from './setup/two-databases.ts';

/** The console on a Postgres server of its own; its lakehouse is a database on another server. */
const test = base.extend<object, { system: TwoDatabases }>({
  system: [
    // biome-ignore lint/correctness/noEmptyPattern: a fixture lists what it uses, here nothing
    async ({}, use) => {
      const system = await openTwoDatabases();
      await use(system);
      await system.close();
    },
    { scope: 'worker' },
  ],
});

const usd = (amount: number) => `$${amount.toFixed(2)}`;

/** From the queue to the decision and its undo, with everything that the page of an order shows. */
async function reviewOrder(page: Page, addressOf: (orderId: string) => Promise<string>): Promise<void> {
  await page.goto('/refunds');
  const { order_id, suggestion, order_total_usd } = await findPending(page);
  await page.goto(`/refunds/${order_id}`);
  const timeline = page.getByRole('list', { name: 'Events' });
  await expect(timeline.getByRole('listitem').first()).toContainText('Order placed');
  await expect(timeline.getByRole('listitem').last()).toContainText('Delivered');
  const phases = page.getByRole('list', { name: 'Phases' }).getByRole('listitem');
  await expect(phases).toHaveCount(5);
  await expect(phases.first()).toContainText(/P75 .*\d/);
  await expect(page.getByRole('region', { name: 'Items' })).toContainText(usd(order_total_usd));
  await expect(page.getByRole('slider', { name: 'Time of the drive' })).toBeVisible();
  await page.getByRole('button', { name: 'Show the address' }).click();
  await expect(page.getByText(await addressOf(order_id))).toBeVisible();
  await page.getByRole('button', { name: `Refund ${usd(suggestion.refund_usd)}` }).click();
  await expect(page.getByText(`Decided: refund of ${usd(suggestion.refund_usd)}`)).toBeVisible();
  await expect(page.getByRole('region', { name: 'History', exact: true })).toContainText('As suggested');
  await page.getByRole('button', { name: /^Undo/ }).first().click();
  await expect(page.getByRole('button', { name: `Refund ${usd(suggestion.refund_usd)}` })).toBeVisible();
}

test('an order is reviewed with the lakehouse on another server, and when it has gone', async ({
  openAs,
  system,
  sql,
}) => {
  const page = await openAs('reviewer');
  const addressOf = async (orderId: string) => {
    const places = await sql<{ address: string }>(
      'select address from recommender.pg_order_places where order_id = $1',
      [orderId],
    );
    return places[0]?.address ?? '';
  };
  await reviewOrder(page, addressOf);
  const own = await sql<{ n: number }>('select count(*)::integer as n from lakeflow.all_events');
  expect(own).toEqual([{ n: 0 }]);
  await system.dropLakehouse();
  await reviewOrder(page, addressOf);
  const response = await page.request.get('/readyz');
  expect([response.status(), await response.text()]).toEqual([200, expect.stringContaining('"ready":true')]);
});
