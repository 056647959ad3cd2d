import type { Connection, Pool } from '#db/client.ts';

/** Puts claims and snoozes whose time is over back into the queue; what somebody is changing now waits its turn. */
export async function releaseDue(connection: Pool | Connection): Promise<number> {
  const { rowCount } = await connection.query(`
    -- one row per order that comes back
    with due as (
      select order_id from refunds.cases where due_ts <= clock_timestamp() for update skip locked
    )
    update refunds.cases as held
    set status = 'queued', assignee = null, due_ts = null, note = null, changed_by = null,
      changed_ts = clock_timestamp()
    from due
    where held.order_id = due.order_id`);
  return rowCount ?? 0;
}
