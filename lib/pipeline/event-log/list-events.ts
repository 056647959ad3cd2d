import type { Database } from '#db/client.ts';

/** An entry as it is read; `ts` is ISO 8601 in UTC. */
export type LoggedEvent = {
  id: number;
  ts: string;
  level: string;
  type: string;
  message: string;
  batchId: number | null;
  runId: number | null;
  details: Record<string, unknown>;
};

/** Which entries: all but the batches, unless asked; `before` is an id, for the next page. */
export type EventFilter = { limit: number; batches?: boolean; level?: string; before?: number };

type Row = {
  id: string;
  ts: Date;
  level: string;
  event_type: string;
  message: string;
  batch_id: string | null;
  run_id: string | null;
  details: Record<string, unknown>;
};

const read = `
-- grain: one row per entry of the log, newest first
select *
from lakeflow.pipeline_events
where ($2 or event_type <> 'batch_committed')
  and ($3::text is null or level = $3)
  and ($4::bigint is null or id < $4)
order by id desc
limit $1`;

/** The newest entries of the pipeline's event log. */
export async function listEvents(db: Database, filter: EventFilter): Promise<LoggedEvent[]> {
  const { limit, batches = false, level, before } = filter;
  const { rows } = await db.pool.query<Row>(read, [limit, batches, level ?? null, before ?? null]);
  return rows.map((row) => ({
    id: Number(row.id),
    ts: row.ts.toISOString(),
    level: row.level,
    type: row.event_type,
    message: row.message,
    batchId: row.batch_id === null ? null : Number(row.batch_id),
    runId: row.run_id === null ? null : Number(row.run_id),
    details: row.details,
  }));
}
