import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test as base, expect } from './console.ts';
import { inspect } from './inspect.ts';
import { type OpenSystem, openSystem } from './setup/open-system.ts';
import { runScript, type ScriptEnvironment } from './setup/run-script.ts';

/** A system of its own, because its quarantine is filled and emptied. */
const test = base.extend<object, { system: OpenSystem }>({
  system: [
    // biome-ignore lint/correctness/noEmptyPattern: a fixture lists what it uses, here nothing
    async ({}, use) => {
      const system = await openSystem({ filled: false });
      await use(system);
      await system.close();
    },
    { scope: 'worker' },
  ],
});

const created = (order: string, price: number, location = 'sf') =>
  JSON.stringify({
    ...{ event_id: `${order}-created`, event_type: 'order_created', ts: '2026-10-01T12:00:00Z' },
    ...{ order_id: order, location, sequence: 0, body: { items: [{ id: 1, brand_id: 2, price, qty: 1 }] } },
  });

/** Runs the pipeline once, as an operator would, after `lines` were written into an event file. */
async function ingest(env: ScriptEnvironment, lines: string[] = []) {
  const events = join(env.VOLUME_ROOT ?? '', 'caspers/simulator/events');
  mkdirSync(events, { recursive: true });
  if (lines.length > 0) writeFileSync(join(events, '20261001-120000.000000.json'), lines.join('\n'));
  await runScript('pipeline.ts', ['--once'], env);
}

for (const [name, options] of [
  ['light-1280', { colorScheme: 'light', viewport: { width: 1280, height: 800 } }],
  ['dark-360', { colorScheme: 'dark', viewport: { width: 360, height: 800 } }],
] as const)
  test(`an empty quarantine in ${name}`, async ({ openAs }) => {
    const page = await openAs('engineer', options);
    await page.goto('/pipeline/quarantine?state=open&rule=bad_price');
    await expect(page.getByRole('heading', { name: 'No record fits' })).toBeVisible();
    await page.goto('/pipeline/quarantine');
    await expect(page.getByRole('heading', { name: 'No record is in quarantine' })).toBeVisible();
    await inspect(page, `quarantine-empty-${name}`);
  });

test('an engineer mends a record and replays it once; a rule is previewed and dropped', async ({
  openAs,
  sql,
  system,
}) => {
  const bad = [created('b', -5), created('c', -5, 'chicago'), 'not json'];
  await ingest(system.env, [created('a', 5), ...bad]);
  const page = await openAs('engineer', { viewport: { width: 1280, height: 900 } });
  await page.goto('/pipeline/quarantine');
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(4);
  await inspect(page, 'quarantine-light-1280');
  const small = await openAs('engineer', { colorScheme: 'dark', viewport: { width: 360, height: 800 } });
  await small.goto('/pipeline/quarantine');
  await expect(small.getByRole('listitem').filter({ hasText: 'malformed_json' })).toBeVisible();
  await inspect(small, 'quarantine-dark-360');

  await page.getByLabel('Location').fill('sf');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/location=sf/);
  await page.getByRole('table').getByRole('link').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Replay' })).toBeDisabled();
  await page.getByRole('button', { name: 'Check' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'It still breaks bad_price' })).toBeVisible();
  await page.getByRole('textbox', { name: 'Record' }).fill(created('b', 7));
  await expect(page.getByRole('button', { name: 'Replay' })).toBeDisabled();
  await page.getByRole('button', { name: 'Check' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'order_created of order b' })).toBeVisible();
  await inspect(page, 'quarantine-record-light-1280');
  await small.goto(page.url());
  await expect(small.getByRole('textbox', { name: 'Record' })).toBeVisible();
  await inspect(small, 'quarantine-record-dark-360');
  await page.getByRole('button', { name: 'Replay' }).click();
  await expect(page.getByText('it will be carried out when it runs')).toBeVisible();
  await ingest(system.env);
  await ingest(system.env);
  await page.reload();
  await expect(page.getByText('Replayed', { exact: true })).toBeVisible();
  await expect(page.getByText('engineer@caspers.local', { exact: true })).toBeVisible();
  const revenue = 'select sum(order_revenue)::text as revenue from lakeflow.gold_order_header';
  expect(await sql(revenue)).toEqual([{ revenue: '12.00' }]);

  await page.goto('/pipeline/quarantine?rule=bad_price');
  await page.getByRole('button', { name: 'Preview a replay of bad_price' }).click();
  await expect(page.getByText('The rules accept 0 of 1 record')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Drop all of bad_price' }).click();
  await page.getByRole('button', { name: 'Drop them' }).click();
  await expect(page.getByRole('heading', { name: 'No record fits' })).toBeVisible();
});

test('the history of a table has the names of Delta, newest first', async ({ openAs }) => {
  const page = await openAs('engineer', { viewport: { width: 1280, height: 900 } });
  await page.goto('/pipeline/history?table=all_events');
  const columns = [
    'version',
    'timestamp',
    'userName',
    'operation',
    'operationParameters',
    'operationMetrics',
  ];
  for (const name of columns)
    await expect(page.getByRole('columnheader', { name: new RegExp(`^${name}\\b`) })).toBeVisible();
  const shown = await page.getByRole('row').getByRole('rowheader').allTextContents();
  expect(shown.length).toBeGreaterThan(1);
  expect(shown).toEqual([...shown].sort((a, b) => Number(b) - Number(a)));
  await inspect(page, 'history-light-1280');
  const small = await openAs('engineer', { colorScheme: 'dark', viewport: { width: 360, height: 800 } });
  await small.goto('/pipeline/history?table=nowhere');
  await expect(small.getByRole('heading', { name: 'This table has no history' })).toBeVisible();
  await inspect(small, 'history-empty-dark-360');
});

test('for a lead and a reviewer the pages do not exist', async ({ openAs }) => {
  for (const role of ['lead', 'reviewer'] as const) {
    const page = await openAs(role);
    const response = await page.goto('/pipeline/quarantine');
    expect(response?.status()).toBe(404);
    await page.goto('/refunds');
    await expect(page.getByRole('link', { name: 'Pipeline' })).toHaveCount(0);
  }
});
