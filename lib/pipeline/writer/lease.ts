import { sql } from 'drizzle-orm/sql';
import type { Connection, Pool } from '#db/client.ts';
import { bigint } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { OperatorError } from '#lib/errors.ts';
import { queryAsOwner } from './server-sessions.ts';

/**
 * `beatMs` is how often the one writer sends a heartbeat to its session and checks that it still is the writer;
 * after `expireMs` without a heartbeat another pipeline takes over. Milliseconds.
 */
export type LeaseSettings = { beatMs: number; expireMs: number };

export const defaultLease: LeaseSettings = { beatMs: 2_000, expireMs: 20_000 };

/** Another pipeline has become the writer in the meantime; nothing of the batch was kept. */
export class WriterReplacedError extends OperatorError {
  constructor() {
    super('Another pipeline has taken over; what was committed is kept. Start the command again.');
  }
}

const beginEpoch = statement({
  returns: { epoch: bigint },
  sql: () => sql`
    with lease as (
      insert into lakeflow.checkpoints as lease (name, batch_id, updated_at)
      values ('writer', 1, clock_timestamp())
      on conflict (name) do update set batch_id = lease.batch_id + 1, updated_at = clock_timestamp()
      returning batch_id
    )
    select set_config('caspers.epoch', batch_id::text, false)::bigint as epoch
    from lease`,
});

/** Makes this connection, which holds the lock, the writer of a new epoch. @returns the epoch. */
export async function takeLease(connection: Connection): Promise<string> {
  const [lease] = await beginEpoch(connection, {});
  return lease?.epoch ?? '';
}

/**
 * Holds the epoch until the transaction ends, as its last statement before the commit.
 * @throws WriterReplacedError if a newer epoch has begun: a replaced writer can no longer commit.
 */
export async function holdEpoch(connection: Connection): Promise<void> {
  const { rowCount } = await connection.query(`
    -- one row if this is still the current epoch
    select from lakeflow.checkpoints
    where name = 'writer' and batch_id = current_setting('caspers.epoch')::bigint
    for share`);
  if (rowCount !== 1) throw new WriterReplacedError();
}

const selectWaitingPoint = (epoch: number, session: number) => `
-- one row if this is still the current epoch: the point at which its session waits for its client, or "ended"
select (
  select coalesce(max(activity.query_start::text || coalesce(copy.bytes_processed, 0)), 'ended')
  from pg_stat_activity as activity
  left join pg_stat_progress_copy as copy using (pid)
  where activity.pid = ${session}
  having count(*) = 0 or bool_and(activity.state <> 'active' or activity.wait_event = 'ClientRead')
) as waits_at
from lakeflow.checkpoints
where name = 'writer' and batch_id = ${epoch}`;

/** How many beats in a row a session may wait at the same point, while a heartbeat is on its way to it. */
const STALLED_BEATS = 3;
/** How many checks in a row may fail before the connection to the database counts as lost. */
const MAX_FAILURES = 3;

/**
 * Keeps the writer's lease on `connection` as long as its process and its way to the database live.
 * @param onLost is called once if the epoch is over, or if the database does not answer. @returns how to end it.
 */
export function keepLease(
  { connection, pool }: { connection: Connection; pool: Pool },
  epoch: string,
  { beatMs }: LeaseSettings,
  onLost: () => void,
): () => void {
  const heartbeat = oneAtATime(() => connection.query('select'));
  const isStalled = sameInARow(STALLED_BEATS);
  const session = 'processID' in connection ? Number(connection.processID) : 0;
  let failures = 0;
  let ended = false;
  let timer: NodeJS.Timeout | undefined;
  const schedule = () => {
    timer = setTimeout(check, beatMs).unref();
  };
  const check = async () => {
    const isUnanswered = heartbeat();
    // After the timeout its connection leaves the pool, so that the next check has a free one.
    const checked = queryAsOwner<{ waits_at: string | null }>(
      pool,
      selectWaitingPoint(Number(epoch), session),
      beatMs,
    ).then(([row]) => row !== undefined && !isStalled(isUnanswered ? row.waits_at : null));
    const isKept = await Promise.race([checked.catch(() => undefined), undefinedAfter(beatMs)]);
    failures = isKept === undefined ? failures + 1 : 0;
    if (ended) return;
    if (isKept === false || failures === MAX_FAILURES) onLost();
    else schedule();
  };
  schedule();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

/**
 * Starts `work` unless the previous one is still running. It waits behind other queries of the connection; its error is
 * ignored, because the next query of the connection fails in the same way.
 * @returns whether the previous one is still running.
 */
function oneAtATime(work: () => Promise<unknown>): () => boolean {
  let isRunning = false;
  const end = () => {
    isRunning = false;
  };
  return () => {
    if (isRunning) return true;
    isRunning = true;
    work().then(end, end);
    return false;
  };
}

/** Reports whether a value came so many times in a row; null never counts. */
function sameInARow(times: number): (value: string | null) => boolean {
  let last: string | null = null;
  let seen = 0;
  return (value) => {
    seen = value !== null && value === last ? seen + 1 : 1;
    last = value;
    return value !== null && seen >= times;
  };
}

function undefinedAfter(ms: number): Promise<undefined> {
  return new Promise((resolve) => void setTimeout(() => resolve(undefined), ms).unref());
}
