import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import {
  boolean,
  count,
  instant,
  integer,
  json,
  named,
  nullable,
  type RowOf,
  selectList,
  text,
} from '#db/columns.ts';
import { statement } from '#db/statement.ts';

const columns = {
  id: count,
  ts: instant,
  level: text,
  type: named('event_type', text),
  message: text,
  batchId: nullable(count),
  runId: nullable(count),
  details: json<Record<string, unknown>>(),
};

/** An entry of the pipeline's event log; `ts` is ISO 8601 in UTC. */
export type LoggedEvent = RowOf<typeof columns>;

/** Which entries: batches only if asked for; `before` is an id, for the next page. */
export type EventFilter = { limit: number; batches?: boolean; level?: string; before?: number };

const selectEvents = statement({
  params: { batches: boolean, level: nullable(text), before: nullable(integer), limit: integer },
  returns: columns,
  sql: ({ batches, level, before, limit }) => sql`
    -- grain: one row per entry of the log, newest first
    select ${selectList(columns)}
    from lakeflow.pipeline_events
    where (${batches} or event_type <> 'batch_committed')
      and (${level}::text is null or level = ${level})
      and (${before}::bigint is null or id < ${before})
    order by id desc
    limit ${limit}`,
});

/** The newest entries of the pipeline's event log. */
export function listEvents({ pool }: Database, filter: EventFilter): Promise<LoggedEvent[]> {
  const { limit, batches = false, level = null, before = null } = filter;
  return selectEvents(pool, { limit, batches, level, before });
}
