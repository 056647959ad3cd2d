import type { QueryResult, QueryResultRow } from 'pg';
import type { Connection } from '#db/client.ts';

/**
 * Queries as the user who signed in instead of the role that the connection has assumed, because Postgres does not show
 * that role the activity of other sessions, nor let it end them. Several commands in one query cannot have parameters:
 * values are part of the text, so they have to be numbers. For the same reason none of this is a declared statement.
 */
export async function queryAsOwner<Row extends QueryResultRow>(
  connection: Pick<Connection, 'query'>,
  sql: string,
  timeoutMs?: number,
): Promise<Row[]> {
  const query = {
    text: `begin; set local role none; ${sql}; commit`,
    ...(timeoutMs && { query_timeout: timeoutMs }),
  };
  const results: unknown = await connection.query(query);
  return (results as QueryResult<Row>[])[2]?.rows ?? [];
}

/** A session of the server: its process, and its start in microseconds since 1970, since process ids are reused. */
export type Session = { pid: number; started: string };

const started = '(extract(epoch from backend_start) * 1000000)::bigint';

export async function readSession(connection: Connection): Promise<Session | undefined> {
  const [session] = await queryAsOwner<Session>(
    connection,
    `select pid, ${started} as started from pg_stat_activity where pid = pg_backend_pid()`,
  );
  return session;
}

/** Ends a session if it still exists. @returns whether it did. */
export async function endSession(connection: Connection, session: Session): Promise<boolean> {
  const ended = await queryAsOwner(
    connection,
    `select pg_terminate_backend(pid) from pg_stat_activity
     where pid = ${session.pid} and ${started} = ${session.started}`,
  );
  return ended.length > 0;
}

/** How often in a row the holder of the lock has to be seen silent, at the same point, before it counts as frozen. */
const FROZEN_SIGHTINGS = 3;

const selectSilentHolder = (lock: number, expireMs: number) => `
-- one row if the session that holds the lock has long been waiting for its client, with the point that it has reached
select pid, ${started} as started, activity.query_start::text as since, coalesce(copy.bytes_processed, 0)::text as copied
from pg_locks as lock
join pg_stat_activity as activity using (pid)
left join pg_stat_progress_copy as copy using (pid)
where lock.locktype = 'advisory' and lock.granted and lock.objid = ${lock}
  and lock.database = (select oid from pg_database where datname = current_database())
  and lock.pid <> pg_backend_pid()
  and (activity.state <> 'active' or activity.wait_event = 'ClientRead')
  and greatest(activity.query_start, activity.state_change) < clock_timestamp() - ${expireMs} * interval '1 millisecond'`;

type Holder = Session & { since: string; copied: string };

/** Watches the writer that others wait for, and ends its session if its process has been silent for too long. */
export class FrozenWriterWatch {
  readonly #lock: number;
  readonly #expireMs: number;
  #lastSeen: Holder | undefined;
  #sightings = 0;

  /** @param expireMs how long it has to be silent. */
  constructor(lock: number, expireMs: number) {
    this.#lock = lock;
    this.#expireMs = expireMs;
  }

  /** Looks once. @returns whether the writer's session, and with it its lock and its batch, was ended. */
  async check(connection: Connection): Promise<boolean> {
    const [holder] = await queryAsOwner<Holder>(connection, selectSilentHolder(this.#lock, this.#expireMs));
    const isSame = JSON.stringify(holder) === JSON.stringify(this.#lastSeen);
    this.#sightings = isSame ? this.#sightings + 1 : 1;
    this.#lastSeen = holder;
    if (!holder || this.#sightings < FROZEN_SIGHTINGS) return false;
    return endSession(connection, holder);
  }
}
