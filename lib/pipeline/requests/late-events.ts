import { sql } from 'drizzle-orm/sql';
import { type Database, inTransaction } from '#db/client.ts';
import {
  boolean,
  count,
  double,
  integer,
  nullable,
  oneOf,
  type RowOf,
  text,
  textArray,
  timestamp,
} from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { NotFoundError } from '#lib/errors.ts';

const lateEvent = {
  eventId: text,
  dataset: text,
  eventType: text,
  orderId: text,
  ts: text,
  watermark: text,
  lateness: double,
  batchId: count,
  state: oneOf(['left out', 'requested', 'admitted', 'counted']),
};
/** A late event; times are ISO 8601 in UTC with microseconds, `lateness` is seconds behind the newest event. */
export type LateEventRow = RowOf<typeof lateEvent>;

export type LateFilter = { dataset?: string | undefined; leftOut?: boolean | undefined; limit: number };

const selectLateEvents = statement({
  params: { dataset: nullable(text), leftOut: boolean, limit: integer },
  returns: lateEvent,
  sql: ({ dataset, leftOut, limit }) => sql`
    -- grain: one row per late event and table that leaves it out, newest first
    select
      event_id, dataset, event_type, order_id,
      to_char(late.ts at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as ts,
      to_char(watermark at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as watermark,
      extract(epoch from lateness)::double precision as lateness,
      batch_id,
      case
        when dataset = 'all_events' then 'counted'
        when admitted_at is not null then 'admitted'
        when admit_requested_at is not null then 'requested'
        else 'left out'
      end as state
    from lakeflow.late_events as late
    where (${dataset}::text is null or dataset = ${dataset})
      and (not ${leftOut} or (dataset <> 'all_events' and admitted_at is null))
    order by batch_id desc, late.ts desc, event_id, dataset
    limit ${limit}`,
});

/** Lists late events and their state, newest first. */
export function listLateEvents(
  { pool }: Pick<Database, 'pool'>,
  { dataset, leftOut = false, limit }: LateFilter,
): Promise<LateEventRow[]> {
  return selectLateEvents(pool, { dataset: dataset ?? null, leftOut, limit });
}

/** Which of the late events that a table leaves out: these, those of a table, or all. */
export type LateChoice = { eventIds?: readonly string[] | undefined; dataset?: string | undefined };

const markRequested = statement({
  params: { eventIds: nullable(textArray), dataset: nullable(text), now: timestamp },
  returns: { eventId: text },
  sql: ({ eventIds, dataset, now }) => sql`
    update lakeflow.late_events
    set admit_requested_at = ${now}
    where dataset <> 'all_events' and admitted_at is null
      and (${eventIds}::text[] is null or event_id = any(${eventIds}::text[]))
      and (${dataset}::text is null or dataset = ${dataset})
    returning event_id`,
});

/**
 * Requests that the pipeline adds late orders to the windowed tables that left them out.
 * @returns how many, one for each event and table. @throws NotFoundError if a chosen event is left out of no table; then
 * none is requested.
 */
export async function requestAdmission(
  { pool }: Pick<Database, 'pool'>,
  { eventIds, dataset }: LateChoice,
  now: Date,
): Promise<number> {
  return inTransaction(pool, async (connection) => {
    const rows = await markRequested(connection, {
      ...{ eventIds: eventIds ? [...eventIds] : null, dataset: dataset ?? null, now },
    });
    const found = new Set(rows.map(({ eventId }) => eventId));
    const missing = (eventIds ?? []).filter((id) => !found.has(id));
    if (missing.length > 0)
      throw new NotFoundError(`Left out of no table${dataset ? ` ${dataset}` : ''}: ${missing.join(', ')}.`);
    return rows.length;
  });
}

const countRequested = statement({
  returns: { requested: count },
  sql: () => sql`
    select count(*) as requested
    from lakeflow.late_events
    where admit_requested_at is not null and admitted_at is null`,
});

/** How many requested admissions have not been made yet. */
export async function countRequestedAdmissions({ pool }: Pick<Database, 'pool'>): Promise<number> {
  const [row] = await countRequested(pool, {});
  return row?.requested ?? 0;
}
