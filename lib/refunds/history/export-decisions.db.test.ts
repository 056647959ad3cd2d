import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { decideRefund } from '../decisions/decide-refund.ts';
import { addScoredOrder } from '../orders.testing.ts';
import { csvCell, exportDecisions } from './export-decisions.ts';
import { listDecisionHistory } from './list-decisions.ts';

const COUNT = 12;
let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  for (let n = 0; n < COUNT; n++) {
    await addScoredOrder(db.pool, { orderId: `=past-${n}` });
    await decideRefund(
      db,
      { email: n % 2 ? 'ana@example.com' : 'ben@example.com', role: 'reviewer' },
      {
        orderId: `=past-${n}`,
        recommendationId: undefined,
        refundClass: n % 3 ? 'none' : 'partial',
        amountUsd: n % 3 ? '0' : n % 2 ? '3.00' : '4.50',
        reason:
          n === 4 ? 'Größe XL, 冷めた: Cold FRIES!' : '=HYPERLINK("http://evil.example","x")\nsecond line',
        reasonCode: 'other',
        idempotencyKey: `key-of-past-${n}`,
      },
    );
  }
});
afterAll(() => db.close());

test('pages of the history show every decision once, the newest first', async () => {
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await listDecisionHistory(db, { limit: 5, after });
    seen.push(...page.decisions.map(({ orderId }) => orderId));
    after = page.nextAfter ?? undefined;
  } while (after !== undefined);
  expect(seen).toEqual(Array.from({ length: COUNT }, (_, n) => `=past-${COUNT - 1 - n}`));
});

test('pages of a search show every match once, however old it is', async () => {
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await listDecisionHistory(db, { search: 'second ben', limit: 2, after });
    seen.push(...page.decisions.map(({ orderId }) => orderId));
    after = page.nextAfter ?? undefined;
  } while (after !== undefined);
  expect(seen).toEqual([10, 8, 6, 2, 0].map((n) => `=past-${n}`));
});

test.each([
  [{ decidedBy: 'ana@example.com' }, 6],
  [{ refundClass: 'partial' as const }, 4],
  [{ kind: 'undo' as const }, 0],
  [{ orderId: '=past-1' }, 3],
  [{ orderId: '%' }, 0],
  [{ search: 'cold' }, 1],
  [{ search: 'fri col' }, 1],
  [{ search: 'fries late' }, 0],
  [{ search: 'größe' }, 1],
  [{ search: '冷め' }, 1],
  [{ search: 'ries' }, 0],
  [{ search: 'ana@example.com' }, 6],
  [{ search: 'past-11' }, 1],
  [{ search: `'":*&|!()\\ cold <->` }, 1],
  [{ search: '!?' }, 0],
  [{ search: 'second', decidedBy: 'ben@example.com' }, 5],
  [{ suggestion: 'accepted' as const }, 2],
  [{ suggestion: 'overridden' as const }, 10],
  [{ suggestion: 'overridden' as const, refundClass: 'partial' as const }, 2],
  [{ from: '2001-01-01T00:00:00Z', until: '2002-01-01T00:00:00Z' }, 0],
  [{ from: '2001-01-01T00:00:00Z', decidedBy: 'ben@example.com', refundClass: 'none' as const }, 4],
])('the filter %j admits %i', async (filter, count) => {
  expect((await listDecisionHistory(db, { ...filter, limit: 100 })).decisions).toHaveLength(count);
});

test('the export has a line for each decision of the filter, and none is a formula', async () => {
  let text = '';
  for await (const part of exportDecisions(db, { decidedBy: 'ana@example.com' })) text += part;
  expect(text.split('\r\n')).toHaveLength(1 + 6 + 1);
  expect(text.split('\r\n')[1]).toContain(`"'=past-11"`);
  expect(text).toContain(`"'=HYPERLINK(""http://evil.example"",""x"")\nsecond line"`);
});

test('the export compares each decision with its suggestion', async () => {
  const cells: (string | undefined)[][] = [];
  for await (const part of exportDecisions(db, { refundClass: 'partial' }))
    cells.push(...part.split('\r\n').map((line) => line.split(',').slice(4, 10)));
  expect(cells.filter((line) => line.length > 1)).toEqual([
    [
      'refund_class',
      'amount_usd',
      'suggested_class',
      'suggested_usd',
      'against_suggestion',
      'difference_usd',
    ],
    ['partial', '3.00', 'partial', '3.00', 'accepted', '0.00'],
    ['partial', '4.50', 'partial', '3.00', 'overridden', '1.50'],
    ['partial', '3.00', 'partial', '3.00', 'accepted', '0.00'],
    ['partial', '4.50', 'partial', '3.00', 'overridden', '1.50'],
  ]);
  let none = '';
  for await (const part of exportDecisions(db, { refundClass: 'none' })) none += part;
  expect(none).toContain(',none,0.00,partial,3.00,overridden,-3.00,');
});

test.each(['=1', '+1', '-1', '@x', '\t=1', ' =1', '\r=1', '|x', '%x', '＝1', '＠x'])(
  '%j is no formula',
  (text) => {
    expect(csvCell(text).replace(/^"/, '')).toMatch(/^'/);
  },
);
