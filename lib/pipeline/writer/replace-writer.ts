import type { Connection } from '#db/client.ts';
import { askAsOwner } from './ask-as-owner.ts';
import type { LeaseSettings } from './lease.ts';

/** How often in a row a holder of the lock is seen silent, at one and the same point. */
const SIGHTINGS = 3;

/** A session of the server: its process, and when it began in microseconds since 1970, since processes are named anew. */
export type Session = { pid: number; began: string };

const began = '(extract(epoch from backend_start) * 1000000)::bigint';

const look = (lock: number, expireMs: number) => `
-- one row, where the session that holds the lock waits for its client, and has for long; and where it stands
select pid, ${began} as began, activity.query_start::text as since, coalesce(copy.bytes_processed, 0)::text as copied
from pg_locks as lock
join pg_stat_activity as activity using (pid)
left join pg_stat_progress_copy as copy using (pid)
where lock.locktype = 'advisory' and lock.granted and lock.objid = ${lock}
  and lock.database = (select oid from pg_database where datname = current_database())
  and lock.pid <> pg_backend_pid()
  and (activity.state <> 'active' or activity.wait_event = 'ClientRead')
  and greatest(activity.query_start, activity.state_change) < clock_timestamp() - ${expireMs} * interval '1 millisecond'`;

type Holder = Session & { since: string; copied: string };

export async function readSession(connection: Connection): Promise<Session | undefined> {
  const [session] = await askAsOwner<Session>(
    connection,
    `select pid, ${began} as began from pg_stat_activity where pid = pg_backend_pid()`,
  );
  return session;
}

/** Ends a session if it is there still. @returns whether it was. */
export async function endSession(connection: Connection, session: Session): Promise<boolean> {
  const ended = await askAsOwner(
    connection,
    `select pg_terminate_backend(pid) from pg_stat_activity
     where pid = ${session.pid} and ${began} = ${session.began}`,
  );
  return ended.length > 0;
}

/** Watches the writer that others wait for, and ends its session where its process has long given no sign of life. */
export class FrozenWriterWatch {
  readonly #lock: number;
  readonly #lease: LeaseSettings;
  #seen: Holder | undefined;
  #sightings = 0;

  constructor(lock: number, lease: LeaseSettings) {
    this.#lock = lock;
    this.#lease = lease;
  }

  /** Looks once. @returns whether the writer's session, and with it its lock and its batch, was ended. */
  async look(connection: Connection): Promise<boolean> {
    const [holder] = await askAsOwner<Holder>(connection, look(this.#lock, this.#lease.expireMs));
    const same = JSON.stringify(holder) === JSON.stringify(this.#seen);
    this.#sightings = same ? this.#sightings + 1 : 1;
    this.#seen = holder;
    if (!holder || this.#sightings < SIGHTINGS) return false;
    return endSession(connection, holder);
  }
}
