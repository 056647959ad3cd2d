import type { Connection, Pool } from '#db/client.ts';
import { OperatorError } from '#lib/errors.ts';

/**
 * `beatMs` is how often the one writer gives its session a sign of life and looks whether it still is the writer;
 * after `expireMs` without a sign another one takes its place. Milliseconds.
 */
export type LeaseSettings = { beatMs: number; expireMs: number };

export const defaultLease: LeaseSettings = { beatMs: 3_000, expireMs: 20_000 };

/** Looks that may fail one after the other before the way to the database counts as cut. */
const FAILURES = 2;

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

const look = `
-- one row, if this is the epoch still
select from lakeflow.checkpoints where name = 'writer' and batch_id = $1`;

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
  let failures = 0;
  let ended = false;
  let timer: NodeJS.Timeout | undefined;
  const next = () => {
    timer = setTimeout(beat, beatMs).unref();
  };
  const beat = async () => {
    signOfLife();
    const asked = pool.query(look, [epoch]).then(({ rowCount }) => rowCount === 1);
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

/** It waits behind what the connection is doing; what fails there fails for whoever asked for that. */
function oneAtATime(work: () => Promise<unknown>): () => void {
  let underway = false;
  const end = () => {
    underway = false;
  };
  return () => {
    if (underway) return;
    underway = true;
    work().then(end, end);
  };
}

function nothingAfter(ms: number): Promise<undefined> {
  return new Promise((resolve) => void setTimeout(() => resolve(undefined), ms).unref());
}
