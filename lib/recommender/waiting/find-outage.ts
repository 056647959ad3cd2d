import type { Pool } from '#db/client.ts';

/** Since when the agent's server has not been answering, or undefined while it does: from what was counted, so that it outlives a crash. */
export async function findOutage(pool: Pool): Promise<Date | undefined> {
  const { rows } = await pool.query<{ since: Date | null }>(`
    -- one row: the first unavailable call after the last that was answered in any way
    select min(started_at) as since
    from recommender.agent_calls
    where outcome = 'unavailable'
      and id > coalesce(
        (select max(id) from recommender.agent_calls where outcome in ('answered', 'failed')), 0)`);
  return rows[0]?.since ?? undefined;
}
