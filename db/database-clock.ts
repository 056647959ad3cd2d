import { sql } from 'drizzle-orm/sql';
import type { Clock } from '#lib/clock.ts';
import { timestamp } from './columns.ts';
import { type Runner, statement } from './statement.ts';

/** A smaller offset is ignored: the round trip to the server takes time too. */
const TOLERANCE_MS = 1000;

const getTime = statement({
  returns: { now: timestamp },
  sql: () => sql`select clock_timestamp() as now`,
});

/**
 * A clock that shows the database's time, so that stages on machines with wrong clocks agree. The offset to this
 * machine's clock is measured once.
 */
export async function readDatabaseClock(runner: Runner, clock: Clock): Promise<Clock> {
  const before = clock.now().getTime();
  const [row] = await getTime(runner, {});
  const after = clock.now().getTime();
  const offset = (row?.now.getTime() ?? before) - (before + after) / 2;
  if (Math.abs(offset) < TOLERANCE_MS) return clock;
  return { now: () => new Date(clock.now().getTime() + offset) };
}
