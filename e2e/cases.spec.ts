import { expect, findPending, type Listed, test } from './console.ts';
import { inspect } from './inspect.ts';

test('others see a claim and wait; after a release the order is unassigned', async ({ openAs }) => {
  const [mine, theirs] = [await openAs('reviewer'), await openAs('lead')];
  await mine.goto('/refunds');
  const { order_id } = await findPending(mine);
  await mine.goto(`/refunds/${order_id}`);
  await mine.getByRole('button', { name: 'Claim', exact: true }).click();
  await expect(mine.getByText(/has it; free again in/)).toBeVisible();
  await theirs.goto(`/refunds/${order_id}`);
  await expect(theirs.getByText(/is deciding this order/)).toBeVisible();
  await expect(theirs.getByText(/looking at this order too/)).toBeVisible();
  await inspect(theirs, 'order-claimed-by-another');
  await mine.getByRole('button', { name: 'Put back' }).click();
  await expect(mine.getByRole('button', { name: 'Claim', exact: true })).toBeEnabled();
});

test('an order that changes during input shows a notice and keeps the input', async ({ openAs }) => {
  const [page, lead] = [await openAs('reviewer'), await openAs('lead')];
  await page.goto('/refunds');
  const { order_id } = await findPending(page);
  await page.goto(`/refunds/${order_id}`);
  await page.getByLabel('Reason', { exact: true }).fill('Half of a sentence');
  await lead.goto(`/refunds/${order_id}`);
  await lead.getByRole('button', { name: 'Claim', exact: true }).click();
  await expect(lead.getByText(/has it; free again in/)).toBeVisible();
  await expect(page.getByText('This order has changed since it was opened')).toBeVisible();
  await expect(page.getByLabel('Reason', { exact: true })).toHaveValue('Half of a sentence');
  await inspect(page, 'order-moved-on');
  await page.getByRole('button', { name: 'Show what stands now' }).click();
  await expect(page.getByText(/is deciding this order/)).toBeVisible();
  await expect(page.getByLabel('Reason', { exact: true })).toHaveValue('Half of a sentence');
  await expect(page.getByText('This order has changed since it was opened')).toHaveCount(0);
  await expect(lead.getByText('This order has changed since it was opened')).toHaveCount(0);
  await lead.getByRole('button', { name: 'Put back' }).click();
  await expect(lead.getByRole('button', { name: 'Claim', exact: true })).toBeEnabled();
});

test('an order is snoozed with a reason, and escalated to a lead, who alone can decide it', async ({
  openAs,
}) => {
  const page = await openAs('reviewer');
  await page.goto('/refunds');
  const { order_id } = await findPending(page);
  await page.goto(`/refunds/${order_id}`);
  await page.getByRole('button', { name: 'Snooze…' }).click();
  await page.getByRole('button', { name: 'Snooze', exact: true }).click();
  await expect(page.getByText('Say why, for whoever reads this later.')).toBeVisible();
  await page.getByLabel('Why').fill('The kitchen looks into it.');
  await inspect(page, 'order-snooze');
  await page.getByRole('button', { name: 'Snooze', exact: true }).click();
  await expect(page.getByText('“The kitchen looks into it.”').first()).toBeVisible();
  await page.getByRole('button', { name: 'Escalate…' }).click();
  await page.getByLabel('Why').fill('The third time this week.');
  await page.getByRole('button', { name: 'Escalate', exact: true }).click();
  await expect(page.getByText('This order is escalated: a lead decides it.')).toBeVisible();
  await inspect(page, 'order-escalated');
  const lead = await openAs('lead');
  await lead.goto(`/refunds/${order_id}`);
  await lead.getByRole('button', { name: /^Refund \$/ }).click();
  await expect(lead.getByText('Decided: refund of')).toBeVisible();
  const steps = lead.getByRole('region', { name: 'History', exact: true }).getByRole('listitem');
  const snoozed = /reviewer@caspers.local snoozed it for .*“The kitchen looks into it.”/;
  await expect(steps.nth(-3)).toHaveText(snoozed);
  await expect(steps.nth(-2)).toHaveText(/reviewer@caspers.local escalated it.*“The third time this week.”/);
  await expect(steps.last()).toHaveText(/lead@caspers.local decided/);
  await lead.getByRole('button', { name: /^Undo \(\d+ s\)/ }).click();
  await expect(steps.last()).toContainText('lead@caspers.local undid the decision');
  await page.reload();
  await expect(page.getByText('This order is escalated: a lead decides it.')).toBeVisible();
  // Other specs decide the first orders of the queue as a reviewer, so this one must not remain among them.
  await lead.getByRole('button', { name: /^Refund \$/ }).click();
  await expect(steps.last()).toHaveText(/lead@caspers.local decided/);
});

test('a decision is undone at once, and reversed later by a lead, who can decide again', async ({
  openAs,
}) => {
  const page = await openAs('reviewer');
  await page.goto('/refunds');
  const { order_id } = await findPending(page);
  await page.goto(`/refunds/${order_id}`);
  const accept = page.getByRole('button', { name: /^Refund \$/ });
  await accept.click();
  await expect(page.getByRole('button', { name: /^Undo \(\d+ s\)/ })).toBeVisible();
  await page.keyboard.press('u');
  await expect(accept).toBeEnabled();
  await expect(page.getByRole('region', { name: 'History', exact: true })).toContainText(
    'undid the decision',
  );
  await accept.click();
  await expect(page.getByText('Decided: refund of')).toBeVisible();
  const lead = await openAs('lead');
  await lead.goto(`/refunds/${order_id}`);
  await lead.getByRole('button', { name: 'Reverse…' }).click();
  await lead.getByLabel('Why').fill('The customer was refunded by the driver.');
  await lead.getByRole('button', { name: 'Reverse', exact: true }).click();
  await expect(lead.getByText('The decision was reversed: nothing is refunded')).toBeVisible();
  await expect(lead.getByRole('button', { name: /^Refund \$/ })).toBeEnabled();
  await inspect(lead, 'order-reversed');
});

test('above the limit a second person must approve, never the first', async ({ openAs, sql }) => {
  const setLimit = (usd: number) =>
    sql('insert into refunds.settings (approval_limit_usd, changed_by, reason) values ($1, $2, $2)', [
      usd,
      'e2e',
    ]);
  await setLimit(50);
  const page = await openAs('lead');
  await page.goto('/refunds');
  const { order_id } = await findLarge(page);
  await page.goto(`/refunds/${order_id}`);
  await page.getByRole('radio', { name: /Full/ }).check();
  await page.getByLabel('Why not as suggested').selectOption({ index: 1 });
  await page.getByLabel('Reason', { exact: true }).fill('Nothing of it was right.');
  await page.getByRole('button', { name: /^Refund \$/ }).click();
  await expect(page.getByText('This waits for a second person')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Approve/ })).toHaveCount(0);
  await inspect(page, 'order-waiting-own');
  const second = await openAs('admin');
  await second.goto(`/refunds/${order_id}`);
  await inspect(second, 'order-waiting');
  await second.getByRole('button', { name: 'Reject…' }).click();
  await second.getByLabel('Why').fill('Half of it is enough.');
  await second.getByRole('button', { name: 'Reject', exact: true }).click();
  const steps = second.getByRole('region', { name: 'History', exact: true }).getByRole('listitem');
  await expect(steps.nth(-2)).toHaveText(/asked for the approval of.*Nothing of it was right./);
  await expect(steps.last()).toHaveText(/rejected the request.*Half of it is enough./);
  await page.reload();
  await page.getByRole('radio', { name: /Full/ }).check();
  await page.getByLabel('Why not as suggested').selectOption({ index: 1 });
  await page.getByLabel('Reason', { exact: true }).fill('Nothing of it was right, truly.');
  await page.getByRole('button', { name: /^Refund \$/ }).click();
  await expect(page.getByText('This waits for a second person')).toBeVisible();
  await second.reload();
  await second.getByRole('button', { name: /^Approve \$/ }).click();
  await expect(second.getByText('Decided: refund of')).toBeVisible();
  await expect(steps.last()).toContainText(/admin@caspers.local approved the decision of lead@caspers.local/);
  await steps.last().scrollIntoViewIfNeeded();
  await inspect(second, 'order-history');
  await setLimit(1000);
});

/** An order whose total is above the limit of 50 dollars. */
async function findLarge(page: Parameters<typeof findPending>[0]): Promise<Listed> {
  const response = await page.request.get('/api/recommendations?status=queued&include_zero=true&limit=200');
  const { items } = (await response.json()) as { items: Listed[] };
  const large = items.find(({ order_total_usd }) => order_total_usd > 60);
  if (!large) throw new Error('no order above the limit');
  return large;
}
