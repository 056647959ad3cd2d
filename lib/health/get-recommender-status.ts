import type { Database } from '#db/client.ts';

/** How the recommender stands; times are ISO 8601 in UTC, null where there is none. */
export type RecommenderStatus = {
  policy: string;
  /** Until when deliveries are history, of which a sample is scored; null before the first start. */
  historyUntilTs: string | null;
  /** Orders that wait for the agent, and since when the first of them does. */
  deferred: number;
  deferredSinceTs: string | null;
  agentCallsLastHour: number;
};

type Row = {
  policy: string;
  history_until: string | null;
  deferred: number;
  deferred_since: Date | null;
  calls: number;
};

/** Reads the active policy, what waits for the agent, and how much of the hour's budget is used. */
export async function getRecommenderStatus(db: Database, now: Date): Promise<RecommenderStatus> {
  const { rows } = await db.pool.query<Row>(
    `
    -- one row: the active policy and the queue of the agent
    with waiting as (
      select count(*)::integer as deferred, min(since) as deferred_since from recommender.waiting_orders
    )
    select
      policy.version as policy, deferred, deferred_since,
      (
        select to_char(history_until, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
        from recommender.stream where isfinite(history_until)
      ) as history_until,
      (
        select count(*)::integer from recommender.agent_calls
        where started_at > $1::timestamptz - interval '1 hour'
      ) as calls
    from recommender.active_policy as policy, waiting`,
    [now],
  );
  const [row] = rows;
  if (!row) throw new Error('there is always one active policy');
  return {
    policy: row.policy,
    historyUntilTs: row.history_until,
    deferred: row.deferred,
    deferredSinceTs: row.deferred_since?.toISOString() ?? null,
    agentCallsLastHour: row.calls,
  };
}
