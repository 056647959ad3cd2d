import { sql } from 'drizzle-orm/sql';
import { advisoryLocks } from '#db/advisory-locks.ts';
import { inTransaction, type Pool } from '#db/client.ts';
import { bigint, integer, named, nullable, type RowOf, text, timestamp } from '#db/columns.ts';
import { statement } from '#db/statement.ts';

/** An order of the queue; `rerun` is 0, or the number of the run that a person requested, with their note. */
export const queueColumns = {
  orderId: text,
  rerun: integer,
  note: nullable(text),
  requestedBy: nullable(text),
};
export type QueuedOrder = RowOf<typeof queueColumns>;

const claimColumns = { callId: named('call_id', bigint), ...queueColumns };
/** An order that is claimed to be scored; `callId` is the call that was counted for it. */
export type Claim = RowOf<typeof claimColumns>;

export type ClaimOptions = {
  now: Date;
  /** Calls that may begin within any hour. */
  callsPerHour: number;
  /** How long no other process can claim the order, unless it is answered; after a crash it is free again by then. */
  leaseMs: number;
};

const claimNext = statement({
  params: { now: timestamp, callsPerHour: integer, leaseMs: integer },
  returns: claimColumns,
  sql: ({ now, callsPerHour, leaseMs }) => sql`
    -- at most one row: the claimed order, with the call counted for it
    with budget as (
      select count(*) < ${callsPerHour} as is_left
      from recommender.agent_calls
      where started_at > ${now}::timestamptz - interval '1 hour'
    ), next as (
      select order_id, rerun
      from recommender.deferred_orders
      where not_before <= ${now} and (select is_left from budget)
      order by rerun = 0, since, order_id
      limit 1
      for update skip locked
    ), claimed as (
      update recommender.deferred_orders as queued
      set not_before = ${now}::timestamptz + ${leaseMs} * interval '1 millisecond', attempts = attempts + 1
      from next
      where queued.order_id = next.order_id and queued.rerun = next.rerun
      returning queued.*
    ), counted as (
      insert into recommender.agent_calls (order_id, rerun, started_at)
      select order_id, rerun, ${now} from claimed
      returning id
    )
    select counted.id as call_id, order_id, rerun, note, requested_by
    from claimed cross join counted`,
});

/**
 * Claims the next order of the queue, those that people requested first, and counts a call, both committed before the
 * call is made. @returns undefined where no order may be claimed now, or the hour's calls are used up.
 */
export async function claimOrder(pool: Pool, options: ClaimOptions): Promise<Claim | undefined> {
  return inTransaction(pool, async (connection) => {
    await connection.query('select pg_advisory_xact_lock($1)', [advisoryLocks.agentCalls]);
    const [claim] = await claimNext(connection, options);
    return claim;
  });
}
