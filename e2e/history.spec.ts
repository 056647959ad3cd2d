import { expect, findPending, test } from './console.ts';
import { inspect } from './inspect.ts';

const looks = (
  [
    ['light', 360],
    ['light', 1440],
    ['dark', 360],
    ['dark', 1440],
  ] as const
).map(([colorScheme, width]) => ({
  name: `${colorScheme}-${width}`,
  width,
  options: { colorScheme, viewport: { width, height: width === 360 ? 800 : 1000 } },
}));

/** The steps of an order before its decision: a claim that expires, another claim, a snooze, an escalation. */
const steps = [
  `status = 'claimed', assignee = 'ana@caspers.local', changed_by = 'ana@caspers.local', due_ts = clock_timestamp() + interval '1 hour'`,
  `due_ts = clock_timestamp() - interval '1 millisecond'`,
  `status = 'claimed', assignee = 'ben@caspers.local', changed_by = 'ben@caspers.local', due_ts = clock_timestamp() + interval '1 hour'`,
  `status = 'snoozed', assignee = null, changed_by = 'ben@caspers.local', due_ts = clock_timestamp() + interval '2 hours', note = 'The kitchen looks into it, and calls back before noon.'`,
  `status = 'queued', assignee = null, changed_by = 'ben@caspers.local', due_ts = null, note = null`,
];

for (const { name, width, options } of looks)
  test(`the history of an order, the decisions and the limits in ${name}`, async ({
    openAs,
    sql,
    system,
  }) => {
    const page = await openAs('lead', options);
    await page.goto('/refunds');
    const { order_id } = await findPending(page);
    for (const step of steps)
      await sql(
        `update refunds.cases set ${step}, changed_ts = clock_timestamp() where order_id = $1 and status <> 'decided'`,
        [order_id],
      );
    const decided = await page.request.post('/api/refunds', {
      headers: { origin: system.url, 'idempotency-key': `history-${name}-${order_id}` },
      data: { order_id, refund_class: 'none', amount_usd: 0, reason: 'The customer called: it was in time.' },
    });
    expect(decided.status()).toBe(201);
    await page.goto(`/refunds/${order_id}`);
    const history = page.getByRole('region', { name: 'History', exact: true });
    await expect(history.getByRole('listitem').last()).toContainText('lead@caspers.local decided');
    await expect(history).toContainText('The claim of ana@caspers.local ran out');
    await history.getByRole('listitem').last().scrollIntoViewIfNeeded();
    await inspect(page, `order-history-${name}`);
    await page.goto('/decisions');
    const first =
      width < 720
        ? page.getByRole('list', { name: 'Decisions' }).getByRole('listitem').first()
        : page.getByRole('row').nth(1);
    await expect(first).toContainText('not Partial');
    await inspect(page, `decisions-${name}`);
    await page.goto('/decisions?search=called+customer&suggestion=overridden');
    await expect(first).toContainText(order_id);
    const link = page.getByRole('link', { name: 'Export as CSV' });
    const file = await page.request.get((await link.getAttribute('href')) ?? 'no link');
    // A spreadsheet takes the file for UTF-8 only by its byte order mark.
    expect((await file.body()).subarray(0, 14).toString()).toBe('\uFEFFdecision_id');
    expect((await file.body()).toString()).toContain(order_id);
    await page.goto('/decisions?search=nobodywrotethis');
    await expect(page.getByRole('heading', { name: 'No decision fits' })).toBeVisible();
    await inspect(page, `decisions-none-${name}`);
    await page.goto('/settings');
    await expect(page.getByLabel('Daily limit in dollars')).toBeVisible();
    await inspect(page, `settings-${name}`);
  });
