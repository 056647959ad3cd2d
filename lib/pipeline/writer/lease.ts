import type { Connection, Pool } from '#db/client.ts';
import { OperatorError } from '#lib/errors.ts';
import { askAsOwner } from './ask-as-owner.ts';

/**
 * `beatMs` is how often the one writer gives its session a sign of life and looks whether it still is the writer;
 * after `expireMs` without a sign another one takes its place. Milliseconds.
 */
export type LeaseSettings = { beatMs: number; expireMs: number };

export const defaultLease: LeaseSettings = { beatMs: 2_000, expireMs: 20_000 };

/** Looks that may fail one after the other before the way to the database counts as cut. */
const FAILURES = 3;

/** Another pipeline has become the writer meanwhile; nothing of the batch was kept. */
export class WriterReplacedError extends OperatorError {
  constructor() {
    super('Another pipeline has taken over; what was committed is kept. Start the command again.');
  }
}

const take = `
insert into lakeflow.checkpoints as lease (name, batch_id, updated_at)
values ('writer', 1, clock_timestamp())
on conflict (name) do update set batch_id = lease.batch_id + 1, updated_at = clock_timestamp()
returning batch_id as epoch, set_config('caspers.epoch', batch_id::text, false)`;

/** Makes this connection, which holds the lock, the writer of a new epoch. @returns the epoch. */
export async function takeLease(connection: Connection): Promise<string> {
  const { rows } = await connection.query<{ epoch: string }>(take);
  return rows[0]?.epoch ?? '';
}

/**
 * Holds the epoch until the transaction ends, as its last statement before the commit.
 * @throws WriterReplacedError where a newer one has begun: a writer that was replaced commits nothing any more.
 */
export async function holdEpoch(connection: Connection): Promise<void> {
  const { rowCount } = await connection.query(`
    -- one row, if this is the epoch still
    select from lakeflow.checkpoints
    where name = 'writer' and batch_id = current_setting('caspers.epoch')::bigint
    for share`);
  if (rowCount !== 1) throw new WriterReplacedError();
}

const look = (epoch: number, session: number) => `
-- one row, if this is the epoch still, with the point at which its session waits for its client or has ended, if so
select (
  select coalesce(max(activity.query_start::text || coalesce(copy.bytes_processed, 0)), 'ended')
  from pg_stat_activity as activity
  left join pg_stat_progress_copy as copy using (pid)
  where activity.pid = ${session}
  having count(*) = 0 or bool_and(activity.state <> 'active' or activity.wait_event = 'ClientRead')
) as waits_at
from lakeflow.checkpoints
where name = 'writer' and batch_id = ${epoch}`;

/** How often in a row the session is seen waiting at one point while its sign of life is underway to it. */
const UNHEARD = 3;

/**
 * Keeps the lease of the writer on `connection` for as long as its process and its way to the database live.
 * @param lost is called once where the epoch has passed, or where the database does not answer. @returns how to end it.
 */
export function keepLease(
  { connection, pool }: { connection: Connection; pool: Pool },
  epoch: string,
  { beatMs }: LeaseSettings,
  lost: () => void,
): () => void {
  const signOfLife = oneAtATime(() => connection.query('select'));
  const isUnheard = sameInARow(UNHEARD);
  const session = 'processID' in connection ? Number(connection.processID) : 0;
  let failures = 0;
  let ended = false;
  let timer: NodeJS.Timeout | undefined;
  const next = () => {
    timer = setTimeout(beat, beatMs).unref();
  };
  const beat = async () => {
    const unanswered = signOfLife();
    // Without an answer its connection leaves the pool, and with it the place that the next one needs.
    const asked = askAsOwner<{ waits_at: string | null }>(pool, look(Number(epoch), session), beatMs).then(
      ([row]) => row !== undefined && !isUnheard(unanswered ? row.waits_at : null),
    );
    const kept = await Promise.race([asked.catch(() => undefined), nothingAfter(beatMs)]);
    failures = kept === undefined ? failures + 1 : 0;
    if (ended) return;
    if (kept === false || failures === FAILURES) lost();
    else next();
  };
  next();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

/**
 * It waits behind what the connection is doing; what fails there fails for whoever asked for that.
 * @returns whether the one before is underway still.
 */
function oneAtATime(work: () => Promise<unknown>): () => boolean {
  let underway = false;
  const end = () => {
    underway = false;
  };
  return () => {
    if (underway) return true;
    underway = true;
    work().then(end, end);
    return false;
  };
}

/** Tells whether a value has come so many times in a row; null is none. */
function sameInARow(times: number): (value: string | null) => boolean {
  let last: string | null = null;
  let seen = 0;
  return (value) => {
    seen = value !== null && value === last ? seen + 1 : 1;
    last = value;
    return value !== null && seen >= times;
  };
}

function nothingAfter(ms: number): Promise<undefined> {
  return new Promise((resolve) => void setTimeout(() => resolve(undefined), ms).unref());
}
