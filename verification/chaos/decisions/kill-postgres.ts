import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { integer as integerColumn } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { integer, type Source } from '#lib/random.ts';
import type { OwnServer } from '../sandbox/own-server.ts';
import type { SentDecision } from './writer.ts';

const ENOUGH_ACKNOWLEDGED = 30;
const LIMIT_SECONDS = 30;
const MAX_DELAY_MS = 400;
const MAX_DOWNTIME_MS = 1200;

/**
 * Kills the whole server and starts it again, or kills the process of one connection with an open transaction, after
 * which the server restarts itself; then waits until decisions are acknowledged again.
 * @returns the seconds from the kill to the first acknowledged decision, or undefined if there was none.
 */
export async function killDuringWork(
  server: OwnServer,
  db: Database,
  sent: readonly SentDecision[],
  random: Source,
): Promise<number | undefined> {
  await wait(integer(random, 0, MAX_DELAY_MS));
  const killedAt = performance.now();
  if (random() < 0.5 || !(await killConnection(db, random))) {
    server.kill();
    await wait(integer(random, 0, MAX_DOWNTIME_MS));
    await server.start();
  }
  return untilAcknowledged(sent, sent.length, killedAt);
}

const listTransactions = statement({
  returns: { pid: integerColumn },
  sql: () => sql`
    select pid from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
      and xact_start is not null
    order by pid`,
});

/** @returns false where no connection of the console had an open transaction at that moment. */
async function killConnection({ pool }: Database, random: Source): Promise<boolean> {
  const transactions = await listTransactions(pool, {});
  const chosen = transactions[integer(random, 0, Math.max(0, transactions.length - 1))];
  if (!chosen) return false;
  process.kill(chosen.pid, 'SIGKILL');
  return true;
}

async function untilAcknowledged(
  sent: readonly SentDecision[],
  before: number,
  killedAt: number,
): Promise<number | undefined> {
  const isAcknowledged = ({ answers }: SentDecision) => answers.at(-1)?.kind === 'applied';
  let first: number | undefined;
  for (let tick = 0; tick < LIMIT_SECONDS * 50; tick += 1) {
    const acknowledged = sent.slice(before).filter(isAcknowledged).length;
    if (acknowledged > 0) first ??= (performance.now() - killedAt) / 1000;
    if (acknowledged >= ENOUGH_ACKNOWLEDGED) return first;
    await wait(20);
  }
  return undefined;
}
