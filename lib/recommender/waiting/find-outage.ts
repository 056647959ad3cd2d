import type { Pool } from '#db/client.ts';

/** Fewer calls in a row than these are no outage, however long ago they were. */
const CALLS_IN_A_ROW = 3;

/**
 * Since when the agent's server has not been answering, or undefined while it does. It is read from what was counted,
 * so it outlives a crash; calls that were stopped say nothing.
 */
export async function findOutage(pool: Pool): Promise<Date | undefined> {
  const { rows } = await pool.query<{ since: Date | null }>(
    `
    -- at most one row: the first unavailable call after the last that was answered in any way
    select min(started_at) as since
    from recommender.agent_calls
    where outcome = 'unavailable' and code <> 'stopped'
      and id > coalesce(
        (select max(id) from recommender.agent_calls where outcome in ('answered', 'failed')), 0)
    having count(*) >= $1`,
    [CALLS_IN_A_ROW],
  );
  return rows[0]?.since ?? undefined;
}
