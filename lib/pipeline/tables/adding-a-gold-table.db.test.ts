import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { systemClock } from '#lib/clock.ts';
import { createVolume, drain, readRows } from '../lakehouse.testing.ts';
import { drawLineage } from '../lineage/draw-lineage.ts';
import { rebuild } from '../rebuild/rebuild.ts';
import type { Dataset } from './dataset/dataset.ts';
import { flow } from './flow.ts';

/** The flow with the table of docs/adding-a-gold-table.md, declared as that page says. */
vi.mock('./flow.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('./flow.ts')>();
  const { goldKitchenSalesDay }: { goldKitchenSalesDay: Dataset } = await import(writeDeclaration());
  return { ...original, flow: [...original.flow, goldKitchenSalesDay] };
});

/** The first block of code in a language; a declared function, because mocks are made before constants. */
function block(language: string): string {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/adding-a-gold-table.md'), 'utf8');
  return page.split(`\`\`\`${language}\n`)[1]?.split('```')[0] ?? '';
}

/** Writes the page's declaration as a module in another folder, with its imports adapted. */
function writeDeclaration(): string {
  const path = join(mkdtempSync(join(tmpdir(), 'pipeline-')), 'gold-kitchen-sales-day.ts');
  const source = block('ts')
    .replace("'../silver/", `'${import.meta.dirname}/silver/`)
    .replace("'./", `'${import.meta.dirname}/gold/`);
  writeFileSync(path, source);
  return path;
}

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.pool.query(block('sql'));
});
afterAll(() => db.close());

const line = (n: number, gk_id: string | null) =>
  JSON.stringify({
    ...{ event_id: `e${n}`, event_type: 'order_created', order_id: `o${n}`, sequence: 0, gk_id },
    ...{ ts: `2026-10-0${1 + (n % 2)} 12:00:00`, location: 'sf' },
    body: {
      items: [
        { price: 5.05, qty: 2 },
        { price: 0.1, qty: 1 },
      ],
    },
  });

test('the table of the page grows with every batch, is in the lineage, and equals its rebuild', async () => {
  expect(flow.at(-1)?.name).toBe('gold_kitchen_sales_day');
  const files = Array.from({ length: 9 }, (_, n) => [`${n}.json`, line(n, n % 3 === 0 ? null : 'north')]);
  await drain(db, await createVolume(Object.fromEntries(files)), { maxFiles: 2 });
  const select = 'select day::text, gk_id, orders, revenue from lakeflow.gold_kitchen_sales_day';
  expect(await readRows(db.pool, select)).toEqual(
    expect.arrayContaining([
      { day: '2026-10-01', gk_id: 'north', orders: '3', revenue: '30.6' },
      { day: '2026-10-01', gk_id: null, orders: '2', revenue: '20.4' },
      { day: '2026-10-02', gk_id: 'north', orders: '3', revenue: '30.6' },
      { day: '2026-10-02', gk_id: null, orders: '1', revenue: '10.2' },
    ]),
  );
  expect(drawLineage('mermaid')).toContain('silver_order_items --> gold_kitchen_sales_day');
  const verify = () => rebuild({ db, clock: systemClock, select: ['silver_order_items+'], verify: true });
  expect(await verify()).toMatchObject({ identical: true });
  await db.pool.query('delete from lakeflow.gold_kitchen_sales_day where gk_id is null');
  const { tables } = await verify();
  expect(tables.find(({ table }) => table === 'gold_kitchen_sales_day')).toMatchObject({
    rows: 4,
    missing: 2,
  });
});
