import { expect, test } from './console.ts';
import { inspect } from './inspect.ts';
import { cookieOf } from './setup/cookie-of.ts';
import { type OpenSystem, openSystem } from './setup/open-system.ts';
import { runScript } from './setup/run-script.ts';
import { eventsOf, writeEvents } from './setup/write-orders.ts';

let system: OpenSystem;
const HOUR = 3_600_000;
const now = Date.now();
/** Both look undelivered: their `delivered` comes after others of their location went on for hours. */
const open = { orderId: 'OPENLATE', placedAt: new Date(now - 9 * HOUR), deliveredMinutes: 31 };
const decided = { orderId: 'DECIDEDLATE', placedAt: new Date(now - 9 * HOUR), deliveredMinutes: 29 };

async function drain(): Promise<void> {
  for (const script of ['pipeline.ts', 'recommend.ts', 'sync.ts'])
    await runScript(script, ['--once'], system.env);
}

test.beforeAll(async () => {
  system = await openSystem({ filled: false });
  const volume = system.env.VOLUME_ROOT ?? '';
  // The first run decides which orders count as history, which is not scored.
  await runScript('recommend.ts', ['--once'], system.env);
  writeEvents(volume, '20260101-000000.000000-orders.json', [
    ...eventsOf(open).slice(0, -1),
    ...eventsOf(decided).slice(0, -1),
  ]);
  const others = { orderId: 'LATER', placedAt: new Date(now - HOUR), deliveredMinutes: 30 };
  writeEvents(volume, '20260101-000001.000000-others.json', eventsOf(others));
  await drain();
});
test.afterAll(() => system.close());

test('a late delivery changes the suggestion, marks the decided order, and one key leads to the reversal', async ({
  browser,
}) => {
  const context = await browser.newContext({ baseURL: system.url });
  const [name = '', value = ''] = (await cookieOf(system, 'lead')).split('=');
  await context.addCookies([{ name, value, url: system.url }]);
  const page = await context.newPage();
  await page.goto(`/refunds/${open.orderId}`);
  await expect(page.getByText('Not delivered within').first()).toBeVisible();
  await page.goto(`/refunds/${decided.orderId}`);
  await page.getByRole('button', { name: 'Refund $40.00' }).click();
  await expect(page.getByText('Decided: refund of $40.00')).toBeVisible();

  const volume = system.env.VOLUME_ROOT ?? '';
  writeEvents(volume, '20260101-000002.000000-late.json', [
    ...eventsOf(open).slice(-1),
    ...eventsOf(decided).slice(-1),
  ]);
  await drain();

  await page.goto(`/refunds/${open.orderId}`);
  await expect(page.getByText('The facts of this order have changed, and the suggestion')).toBeVisible();
  await expect(page.getByText(/Delivered: not delivered, now/)).toBeVisible();
  await expect(page.getByText('Not delivered within')).toHaveCount(0);
  await inspect(page, 'facts-changed-open');

  await page.goto('/refunds');
  await page.getByRole('button', { name: /^More/ }).click();
  await page.getByRole('combobox', { name: 'Facts' }).selectOption('changed');
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/facts_changed=true/);
  await expect(page.locator('[data-queue-row]')).toHaveCount(1);
  await expect(page.getByText('Facts changed', { exact: true })).toBeVisible();
  await inspect(page, 'facts-changed-queue');

  await page.goto(`/refunds/${decided.orderId}`);
  await expect(page.getByText('The facts of this order have changed since the decision')).toBeVisible();
  // Undo has the place of the reversal for half a minute.
  await expect(page.getByRole('button', { name: /^Undo/ })).toHaveCount(0);
  await expect(async () => {
    await page.keyboard.press('r');
    await expect(page.getByLabel('Why')).toBeVisible({ timeout: 1000 });
  }).toPass();
  await page.getByLabel('Why').fill('It had been delivered in time.');
  await inspect(page, 'facts-changed-decided');
  await page.getByRole('button', { name: 'Reverse', exact: true }).click();
  await expect(page.getByText('The decision was reversed: nothing is refunded')).toBeVisible();
  await page.goto('/refunds?status=all&facts_changed=true');
  await expect(page.locator('[data-queue-row]')).toHaveCount(0);
  await context.close();
});
