import type { Page } from '@playwright/test';
import { expect, findPending, test } from './console.ts';
import { inspect } from './inspect.ts';

const usd = (amount: number) => `$${amount.toFixed(2)}`;
const tile = (page: Page, name: string) => page.getByRole('link', { name: new RegExp(`^${name}`) });
const chooseWhy = (page: Page) => page.getByLabel('Why not as suggested').selectOption('goodwill');
const history = (page: Page) => page.getByRole('region', { name: 'History', exact: true });

test('a reviewer accepts the suggestion, and sees the decision in history and totals', async ({ openAs }) => {
  const page = await openAs('reviewer');
  await page.goto('/refunds');
  const { order_id, suggestion } = await findPending(page);
  const before = (await (await page.request.get('/api/summary')).json()) as { pending_count: number };
  await page.goto(`/refunds/${order_id}`);
  const timeline = page.getByRole('list', { name: 'Events' });
  await expect(timeline.getByRole('listitem').first()).toContainText('Order placed');
  await expect(timeline.getByRole('listitem').last()).toContainText('Delivered');
  await expect(page.getByRole('img', { name: /against the P75/ })).toBeVisible();
  await page.getByRole('button', { name: `Refund ${usd(suggestion.refund_usd)}` }).click();
  await expect(page.getByText(`Decided: refund of ${usd(suggestion.refund_usd)}`)).toBeVisible();
  await expect(history(page)).toContainText('As suggested');
  await inspect(page, 'order-decided');
  await expect(tile(page, 'Pending orders')).toContainText(
    (before.pending_count - 1).toLocaleString('en-US'),
  );
});

test('an override: too large an amount is refused at the field, and a reason is required', async ({
  openAs,
}) => {
  const page = await openAs('reviewer');
  await page.goto('/refunds');
  const { order_id, order_total_usd, suggestion } = await findPending(page);
  await page.goto(`/refunds/${order_id}`);
  const amount = page.getByLabel('Amount in dollars');
  await amount.fill((order_total_usd + 0.01).toFixed(2));
  await expect(page.getByText(`At most ${usd(order_total_usd)}`)).toBeVisible();
  const lower = suggestion.refund_usd - 0.25;
  await amount.fill(lower.toFixed(2));
  await page.getByRole('button', { name: `Refund ${usd(lower)}` }).click();
  await expect(page.getByText('Say why, in a few words.')).toBeVisible();
  await expect(page.getByText('Choose why you depart from the suggestion.')).toBeVisible();
  await chooseWhy(page);
  await page.getByLabel('Reason', { exact: true }).fill('The customer got a coupon already.');
  await page.getByRole('button', { name: `Refund ${usd(lower)}` }).click();
  await expect(history(page)).toContainText('−$0.25');
  await expect(history(page)).toContainText('The customer got a coupon already.');
});

test('no refund and a full refund are one click each', async ({ openAs, sql }) => {
  const page = await openAs('reviewer');
  for (const choice of ['None', 'Full'] as const) {
    await page.goto('/refunds');
    const { order_id, order_total_usd } = await findPending(page);
    await page.goto(`/refunds/${order_id}`);
    await page.getByRole('radio', { name: new RegExp(`^${choice}`) }).check();
    await chooseWhy(page);
    await page.getByLabel('Reason', { exact: true }).fill(`${choice} it is.`);
    const button = choice === 'None' ? 'No refund' : `Refund ${usd(order_total_usd)}`;
    await page.getByRole('button', { name: button }).click();
    await expect(history(page)).toContainText(`${choice} it is.`);
    const [stored] = await sql(
      'select amount_usd::float8 from refunds.refund_decisions where order_id = $1',
      [order_id],
    );
    expect(stored).toEqual({ amount_usd: choice === 'None' ? 0 : order_total_usd });
  }
});

test('two people decide one order: the second keeps the input and sees who decided', async ({ openAs }) => {
  const [first, second] = [await openAs('reviewer'), await openAs('lead')];
  await first.goto('/refunds');
  const { order_id, suggestion } = await findPending(first);
  await Promise.all([first.goto(`/refunds/${order_id}`), second.goto(`/refunds/${order_id}`)]);
  await second.getByRole('radio', { name: /^Full/ }).check();
  await chooseWhy(second);
  await second.getByLabel('Reason', { exact: true }).fill('Cold on arrival.');
  await first.getByRole('button', { name: `Refund ${usd(suggestion.refund_usd)}` }).click();
  await expect(history(first)).toContainText('As suggested');
  await second.getByRole('button', { name: /^Refund \$/ }).click();
  const alert = second.getByRole('alert').filter({ hasText: 'Somebody was faster' });
  await expect(alert).toContainText('reviewer@caspers.local');
  await expect(alert).toContainText(usd(suggestion.refund_usd));
  await expect(second.getByLabel('Reason', { exact: true })).toHaveValue('Cold on arrival.');
  await expect(second.getByRole('radio', { name: /^Full/ })).toBeChecked();
  await alert.scrollIntoViewIfNeeded();
  await inspect(second, 'order-conflict');
  await alert.getByRole('button', { name: 'Show the decision that stands' }).click();
  await expect(history(second)).toContainText('reviewer@caspers.local');
});

test('a viewer sees why the button is disabled', async ({ openAs }) => {
  const page = await openAs('viewer');
  await page.goto('/refunds');
  const { order_id } = await findPending(page);
  await page.goto(`/refunds/${order_id}`);
  await expect(page.getByText('Deciding needs the role reviewer, and yours is viewer.')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Refund \$/ })).toBeDisabled();
  await inspect(page, 'order-viewer');
});

test('a recommendation that changed in the meantime is shown before the decision', async ({
  openAs,
  sql,
}) => {
  const page = await openAs('reviewer');
  await page.goto('/refunds');
  const { order_id, suggestion } = await findPending(page);
  await page.goto(`/refunds/${order_id}`);
  const newer = suggestion.refund_usd + 0.5;
  await sql(
    `update recommender.pg_recommendations
    set recommendation_id = recommendation_id + 1000000, refund_usd = $2, reason = 'Scored anew.' where order_id = $1`,
    [order_id, newer],
  );
  await page.getByRole('button', { name: `Refund ${usd(suggestion.refund_usd)}` }).click();
  const alert = page.getByRole('alert').filter({ hasText: 'The recommendation has changed' });
  await expect(alert).toContainText(`It is ${usd(newer)} now.`);
  await inspect(page, 'order-changed');
  await alert.getByRole('button', { name: 'Show the new recommendation' }).click();
  await expect(page.getByRole('region', { name: 'Recommendation' })).toContainText('Scored anew.');
  await expect(page.getByLabel('Amount in dollars')).toHaveValue(suggestion.refund_usd.toFixed(2));
});

test('an order without a recommendation says so', async ({ openAs, sql }) => {
  const page = await openAs('reviewer');
  await page.goto('/refunds');
  const { order_id } = await findPending(page);
  await sql('delete from recommender.pg_recommendations where order_id = $1', [order_id]);
  await page.goto(`/refunds/${order_id}`);
  await expect(page.getByText('This order has no recommendation yet')).toBeVisible();
  await expect(page.getByText('There is no recommendation for this order yet.')).toBeVisible();
  await inspect(page, 'order-without-recommendation');
});
