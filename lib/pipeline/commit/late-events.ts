import type { Connection } from '#db/client.ts';
import type { LateEvent } from '../parse/batch.ts';
import { LATENESS } from '../parse/event-time.ts';
import type { BatchContext } from '../tables/dataset/dataset.ts';
import { flow } from '../tables/flow.ts';
import { isRestating } from '../tables/silver/silver-orders.ts';

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
  -- a creation that does not count makes no order lines, so there is nothing to leave out
  select arrived.*, dataset
  from arrived
  cross join unnest($8::text[]) as dataset
  where event_type = 'order_created'
    and (order_id, event_id) in (
      select order_id, created_event_id from pg_temp.changed_orders where newly_created)
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

const releaseSuperseded = `
-- grain: one row per late creation that counts no longer: an earlier one does, and its lateness is that of the order
with superseded as (
  delete from lakeflow.late_events as late
  using pg_temp.restated_orders as restated
  where late.order_id = restated.order_id and restated.created_ts is not null
    and late.event_type = 'order_created' and late.dataset <> 'all_events'
  returning late.*
)
insert into lakeflow.late_events (
  event_id, dataset, ts, watermark, lateness, event_type, order_id, batch_id, recorded_at)
select distinct on (event_id)
  event_id, 'all_events', ts, watermark, lateness, event_type, order_id, batch_id, recorded_at
from superseded
on conflict do nothing`;

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
  if (await isRestating(connection)) await connection.query(releaseSuperseded);
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
