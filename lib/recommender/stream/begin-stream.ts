import type { Connection } from '#db/client.ts';

/** The last day before the first start is not history: its customers still wait for an answer. */
const NEW_HOURS = 24;

/**
 * Fixes what is history when the recommender starts for the first time, and never again: what was delivered more
 * than a day before the newest delivery then, or before `now` where there was none.
 */
export async function beginStream(connection: Pick<Connection, 'query'>, now: Date): Promise<void> {
  await connection.query(
    `
    -- at most one row, once
    insert into recommender.stream (history_until, started_at)
    select
      coalesce((select max(delivered_ts) from lakeflow.silver_deliveries), $1) - $2 * interval '1 hour',
      $1
    where not exists (select from recommender.stream)
    on conflict do nothing`,
    [now, NEW_HOURS],
  );
}
