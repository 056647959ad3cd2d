import type { Connection } from '#db/client.ts';
import type { LateEvent } from '../parse/batch.ts';
import { LATENESS } from '../parse/event-time.ts';
import type { BatchContext } from '../tables/dataset/dataset.ts';
import { flow } from '../tables/flow.ts';

/** The tables that leave late orders out. */
const windowed = flow.filter(({ window }) => window !== null).map(({ name }) => name);

// Not prepared by the test of all statements: it uses temporary tables of the writer's session.
const insertLate = `
-- grain: one row per late event and windowed table that leaves it out, otherwise one for the dataset all_events
with arrived as (
  select *
  from unnest($3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[])
    as late (event_id, event_type, order_id, ts, watermark)
),
left_out as (
  -- a second creation of an order makes no order lines, so there is nothing to leave out
  select arrived.*, dataset
  from arrived
  cross join unnest($8::text[]) as dataset
  where event_type = 'order_created'
    and (order_id, ts) in (select order_id, order_ts from pg_temp.added_order_items)
),
judged as (
  select * from left_out
  union all
  select arrived.*, 'all_events' from arrived where event_id not in (select event_id from left_out)
),
late_orders as (
  insert into pg_temp.late_orders
  select distinct order_id from left_out
)
insert into lakeflow.late_events (
  event_id, dataset, ts, watermark, lateness, event_type, order_id, batch_id, recorded_at)
select event_id, dataset, ts, watermark, watermark + $9::interval - ts, event_type, order_id, $1, $2
from judged
returning event_id`;

/**
 * Records the late events of a batch, within its transaction. It comes after silver, which shows which of them made
 * order lines, and before gold, whose windowed tables leave those out.
 * @returns the number of late events.
 */
export async function recordLateEvents(
  connection: Connection,
  { batchId, ingestedAt }: BatchContext,
  late: readonly LateEvent[],
): Promise<number> {
  if (late.length === 0) return 0;
  const { rows } = await connection.query<{ event_id: string }>(insertLate, [
    batchId,
    ingestedAt,
    late.map(({ eventId }) => eventId),
    late.map(({ eventType }) => eventType),
    late.map(({ orderId }) => orderId),
    late.map(({ ts }) => ts),
    late.map(({ watermark }) => watermark),
    windowed,
    LATENESS,
  ]);
  return new Set(rows.map(({ event_id }) => event_id)).size;
}
