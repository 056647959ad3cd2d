import { advisoryLocks } from '#db/advisory-locks.ts';
import { inTransaction, type Pool } from '#db/client.ts';

/** An order taken to be scored; `callId` is the call that is counted for it. */
export type Claim = {
  callId: string;
  orderId: string;
  rerun: number;
  since: Date;
  note: string | null;
  requestedBy: string | null;
};

export type ClaimOptions = {
  now: Date;
  /** Calls that may begin within any hour. */
  callsPerHour: number;
  /** Nobody else takes the order for so long, unless it is answered; a crash ends in this time. */
  leaseMs: number;
};

type Row = {
  call_id: string;
  order_id: string;
  rerun: number;
  since: Date;
  note: string | null;
  requested_by: string | null;
};

/**
 * Takes the order whose turn it is, those that people asked for first, and counts a call, both committed before the
 * call is made. @returns undefined where nothing waits that may be taken now, or the hour's calls are used up.
 */
export async function claimOrder(pool: Pool, options: ClaimOptions): Promise<Claim | undefined> {
  return inTransaction(pool, async (connection) => {
    await connection.query('select pg_advisory_xact_lock($1)', [advisoryLocks.agentCalls]);
    const { rows } = await connection.query<Row>(
      `
      -- at most one row: the order taken, with the call counted for it
      with budget as (
        select count(*) < $2 as is_left
        from recommender.agent_calls
        where started_at > $1::timestamptz - interval '1 hour'
      ), next as (
        select order_id, rerun
        from recommender.waiting_orders
        where not_before <= $1 and (select is_left from budget)
        order by rerun = 0, since, order_id
        limit 1
        for update skip locked
      ), taken as (
        update recommender.waiting_orders as waiting
        set not_before = $1::timestamptz + $3 * interval '1 millisecond', attempts = attempts + 1
        from next
        where waiting.order_id = next.order_id and waiting.rerun = next.rerun
        returning waiting.*
      ), counted as (
        insert into recommender.agent_calls (order_id, rerun, started_at)
        select order_id, rerun, $1 from taken
        returning id
      )
      select counted.id as call_id, order_id, rerun, since, note, requested_by
      from taken cross join counted`,
      [options.now, options.callsPerHour, options.leaseMs],
    );
    const [row] = rows;
    return (
      row && {
        callId: row.call_id,
        orderId: row.order_id,
        rerun: row.rerun,
        since: row.since,
        note: row.note,
        requestedBy: row.requested_by,
      }
    );
  });
}
