import { join } from 'node:path';
import { z } from 'zod';
import type { Database } from '#db/client.ts';
import { refundClasses } from '#lib/contract/refund.ts';
import { toDecimal } from '#lib/money.ts';
import { centsText as cents, type LabelledCase, readLines } from './labels.ts';

const deliverySchema = z.strictObject({
  order_id: z.string().min(1),
  location: z.string().nullable(),
  delivered_ts: z.iso.datetime({ precision: 6 }),
  /** From created to delivered. */
  seconds: z.int().min(0),
  total_usd: cents,
});

const labelSchema = z.strictObject({
  order_id: z.string().min(1),
  refund_class: z.enum(refundClasses),
  refund_usd: cents,
  /** `simulated`: computed by the builder's own arithmetic; `by_hand`: computed on paper, as `because` says. */
  made: z.enum(['simulated', 'by_hand']),
  because: z.string().min(1),
});

/** A case computed by hand: an order, and the other deliveries of its location as groups of equal minutes. */
const handCaseSchema = z.strictObject({
  label: labelSchema,
  location: z.string().nullable(),
  minutes: z.int(),
  seconds: z.int().min(0).max(59),
  total_usd: cents,
  /** `hours_before` is when the last of the group was delivered; the others came a minute apart before it. */
  others: z.array(
    z.strictObject({ count: z.int().min(1), minutes: z.int(), hours_before: z.number().min(0) }),
  ),
});

export type GoldenDelivery = z.infer<typeof deliverySchema>;
/** Deliveries of several locations, and the refund that policy v1 owes to some of them. */
export type GoldenSet = { deliveries: GoldenDelivery[]; cases: LabelledCase[] };

const folder = join(import.meta.dirname, 'golden');
const HAND_NOON = Date.parse('2026-06-10T12:00:00Z');
const MINUTE = 60_000;

/** The committed golden set. @throws Error that names the file and line that is invalid. */
export function readGoldenSet(): GoldenSet {
  const hand = readLines(join(folder, 'by-hand.jsonl'), handCaseSchema);
  const labels = [...readLines(join(folder, 'labels.jsonl'), labelSchema), ...hand.map(({ label }) => label)];
  return {
    deliveries: [...readLines(join(folder, 'deliveries.jsonl'), deliverySchema), ...hand.flatMap(expand)],
    cases: labels.map(toCase),
  };
}

/** The label of an order as a range of one amount. */
function toCase({
  order_id,
  refund_class,
  refund_usd,
  made,
  because,
}: z.infer<typeof labelSchema>): LabelledCase {
  return {
    part: 'rule',
    kind: `${made.replace('_', ' ')}: ${refund_class}`,
    orderId: order_id,
    note: null,
    label: { classes: [refund_class], minCents: refund_usd, maxCents: refund_usd },
    because,
  };
}

function expand({ label, others, ...own }: z.infer<typeof handCaseSchema>): GoldenDelivery[] {
  const { location, total_usd } = own;
  const seconds = own.minutes * 60 + own.seconds;
  const around = others.flatMap((group, nth) =>
    Array.from({ length: group.count }, (_, before) => ({
      order_id: `${label.order_id}-${nth}-${before}`,
      location,
      delivered_ts: at(group.hours_before * 60 + before),
      seconds: group.minutes * 60,
      total_usd: 2_000,
    })),
  );
  return [...around, { order_id: label.order_id, location, delivered_ts: at(0), seconds, total_usd }];
}

function at(minutesBefore: number): string {
  return new Date(HAND_NOON - minutesBefore * MINUTE).toISOString().replace('Z', '000Z');
}

/** Inserts deliveries into the silver tables of an empty database, each an order with one line of its whole total. */
export async function loadGolden(db: Database, deliveries: readonly GoldenDelivery[]): Promise<void> {
  const rows = deliveries.map(({ total_usd, ...rest }) => ({ ...rest, total_usd: toDecimal(total_usd) }));
  await db.pool.query(
    `
    with delivery as (
      select *, delivered_ts - seconds * interval '1 second' as created_ts
      from json_to_recordset($1) as given
        (order_id text, location text, delivered_ts timestamptz, seconds integer, total_usd numeric)
    ), lines as (
      insert into lakeflow.silver_order_items
        (order_id, location, order_ts, order_day, line_no, price, qty, extended_price, batch_id)
      select order_id, location, created_ts, created_ts::date, 1, total_usd, 1, total_usd, 1
      from delivery
    )
    insert into lakeflow.silver_deliveries
      (order_id, location, created_ts, delivered_ts, delivery_minutes, batch_id)
    select order_id, location, created_ts, delivered_ts, seconds / 60.0::double precision, 1
    from delivery`,
    [JSON.stringify(rows)],
  );
}
