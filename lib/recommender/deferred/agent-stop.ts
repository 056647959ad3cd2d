import { sql } from 'drizzle-orm/sql';
import type { Pool } from '#db/client.ts';
import { integer, type RowOf, text, timestamp } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import type { Scorer } from '../scoring/scorer.ts';

const stopColumns = { stoppedAt: timestamp, unusable: integer, code: text };
/** Why an agent is not asked: so many unusable answers in a row, the last of them with this code. */
export type AgentStop = RowOf<typeof stopColumns>;

type Agent = Pick<Scorer, 'server' | 'model'>;

const findCurrent = statement({
  params: { server: text, model: text },
  returns: stopColumns,
  sql: ({ server, model }) => sql`
    -- at most one row
    select stopped_at, unusable, code
    from recommender.agent_stops
    where server = ${server} and model = ${model} and resumed_at is null`,
});

/** Whether the agent has stopped; undefined while it may be asked. */
export async function findStop(pool: Pool, { server, model }: Agent): Promise<AgentStop | undefined> {
  const [stop] = await findCurrent(pool, { server, model });
  return stop;
}

const insertStop = statement({
  params: { server: text, model: text, limit: integer, now: timestamp },
  returns: stopColumns,
  sql: ({ server, model, limit, now }) => sql`
    -- at most one row: the stop, if the last answers of the model since it was resumed are all unusable
    with last as (
      select outcome, code, id
      from recommender.agent_calls
      where model = ${model} and outcome in ('answered', 'failed')
        and finished_at > coalesce(
          (select max(resumed_at) from recommender.agent_stops where server = ${server} and model = ${model}),
          '-infinity')
      order by id desc
      limit ${limit}
    )
    insert into recommender.agent_stops (server, model, stopped_at, unusable, code)
    select ${server}, ${model}, ${now}, count(*), (array_agg(code order by id desc))[1]
    from last
    having count(*) >= ${limit} and bool_and(outcome = 'failed')
    on conflict (server, model) where resumed_at is null do nothing
    returning stopped_at, unusable, code`,
});

/**
 * Stops the agent where its last `limit` answers are all unusable; it is derived from the counted calls, so a crash does not
 * reset the count. @returns the stop where this call has made it.
 */
export async function stopIfUnusable(
  pool: Pool,
  { server, model }: Agent,
  { limit, now }: { limit: number; now: Date },
): Promise<AgentStop | undefined> {
  const [stop] = await insertStop(pool, { server, model, limit, now });
  return stop;
}

const resume = statement({
  params: { by: text, now: timestamp },
  returns: { server: text, model: text },
  sql: ({ by, now }) => sql`
    -- one row per agent that is resumed
    update recommender.agent_stops set resumed_at = ${now}, resumed_by = ${by}
    where resumed_at is null
    returning server, model`,
});

/** Lets every stopped agent be asked again. @returns those. */
export function resumeAgents(pool: Pool, params: { by: string; now: Date }): Promise<Agent[]> {
  return resume(pool, params);
}
