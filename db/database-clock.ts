import type { Clock } from '#lib/clock.ts';
import type { Pool } from './client.ts';

/** A machine whose clock is off by less keeps it: the way to the server takes time too. */
const TOLERANCE_MS = 1000;

/**
 * A clock that shows what the database's shows, kept going by this machine's: stages on machines whose clocks are wrong
 * agree on the time. Measured once.
 */
export async function readDatabaseClock(pool: Pick<Pool, 'query'>, clock: Clock): Promise<Clock> {
  const before = clock.now().getTime();
  const { rows } = await pool.query<{ now: Date }>('select clock_timestamp() as now');
  const after = clock.now().getTime();
  const offset = (rows[0]?.now.getTime() ?? before) - (before + after) / 2;
  if (Math.abs(offset) < TOLERANCE_MS) return clock;
  return { now: () => new Date(clock.now().getTime() + offset) };
}
