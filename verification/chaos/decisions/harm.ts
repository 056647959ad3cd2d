import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '#db/client.ts';
import { integer, type Source } from '#lib/random.ts';
import type { OwnServer } from '../own-server.ts';
import type { Told } from './writer.ts';

const FRESH = 30;
const LIMIT_SECONDS = 30;
const UNTIL_KILL_MS = 400;
const UNTIL_START_MS = 1200;

/**
 * Kills the whole server and starts it again, or one process of a connection at work, after which the server
 * starts itself again; then waits until decisions are acknowledged again.
 * @returns the seconds from the kill to the first of them, or undefined where none came.
 */
export async function killAmidWork(
  server: OwnServer,
  db: Database,
  told: readonly Told[],
  random: Source,
): Promise<number | undefined> {
  await wait(integer(random, 0, UNTIL_KILL_MS));
  const killed = performance.now();
  if (random() < 0.5 || !(await killConnection(db, random))) {
    server.kill();
    await wait(integer(random, 0, UNTIL_START_MS));
    await server.start();
  }
  const before = told.length;
  return untilFresh(told, before, killed);
}

/** @returns false where no connection of the console was at work just then. */
async function killConnection({ pool }: Database, random: Source): Promise<boolean> {
  const { rows } = await pool.query<{ pid: number }>(
    `select pid from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
      and xact_start is not null
    order by pid`,
  );
  const victim = rows[integer(random, 0, Math.max(0, rows.length - 1))];
  if (!victim) return false;
  process.kill(victim.pid, 'SIGKILL');
  return true;
}

async function untilFresh(
  told: readonly Told[],
  before: number,
  killed: number,
): Promise<number | undefined> {
  const isFresh = ({ answers }: Told) => answers.at(-1)?.kind === 'applied';
  let first: number | undefined;
  for (let tick = 0; tick < LIMIT_SECONDS * 50; tick += 1) {
    const fresh = told.slice(before).filter(isFresh).length;
    if (fresh > 0) first ??= (performance.now() - killed) / 1000;
    if (fresh >= FRESH) return first;
    await wait(20);
  }
  return undefined;
}
