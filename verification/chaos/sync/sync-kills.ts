import { setTimeout as wait } from 'node:timers/promises';
import { integer, type Source, stream } from '#lib/random.ts';
import { findDifferences, insertRecommendations } from '#lib/sync/recommendations.testing.ts';
import type { Experiment, ExperimentContext, Outcome } from '../sandbox/experiment.ts';
import { startSync } from '../sandbox/run-commands.ts';
import { type Sandbox, withSandbox } from '../sandbox/sandbox.ts';

const ROWS_PER_KILL = 200;
const ROWS_PER_INSERT = 20;
const START = Date.parse('2026-11-20T12:00:00Z');
/** Long enough for the command to start, so that about half of the kills interrupt its work. */
const MAX_LIFE_MS = 1_500;

/** Recommendations are written, many for the same orders and with times that go back, while the sync is killed. */
export const syncKills: Experiment = {
  goal: 'a sync killed at any moment converges to the newest of each order, and an older one never overwrites a newer',
  times: 50,
  timesInTests: 3,
  run: (context) => withSandbox(context.server, (sandbox) => killRepeatedly(context, sandbox)),
};

async function killRepeatedly(
  { seed, times, signal, say }: ExperimentContext,
  sandbox: Sandbox,
): Promise<Outcome> {
  const rows = times * ROWS_PER_KILL;
  const random = stream(seed, 'sync kills');
  await recordRegressions(sandbox);
  const writing = writeRows(sandbox, rows, stream(seed, 'sync rows'), signal);
  for (let kills = 1; kills <= times && !signal.aborted; kills += 1) {
    const sync = startSync(sandbox.url, '--continuous');
    await wait(random() * MAX_LIFE_MS);
    await sync.kill();
    if (kills % 10 === 0) say(`${kills} kills`);
  }
  await writing;
  await startSync(sandbox.url, '--once').ended;
  const differences = await findDifferences(sandbox.db);
  const problems = [
    ...(differences.length > 0 ? [`${differences.length} rows differ from the newest of their orders`] : []),
    ...(await listRegressions(sandbox)),
  ];
  return { figures: { kills: times, rows, differences: differences.length }, problems };
}

/** A fifth of the orders are recommended again and again, at random times: newer and older ones in any order. */
async function writeRows({ db }: Sandbox, rows: number, random: Source, signal: AbortSignal): Promise<void> {
  for (let done = 0; done < rows && !signal.aborted; done += ROWS_PER_INSERT) {
    await insertRecommendations(
      db,
      Array.from({ length: ROWS_PER_INSERT }, (_, n) => ({
        orderId: `O${integer(random, 0, rows / 5)}`,
        ts: new Date(START + integer(random, 0, 86_400_000)).toISOString(),
        version: `v${done + n}`,
        refund: integer(random, 0, 19),
      })),
    );
    await wait(MAX_LIFE_MS / 2 / (ROWS_PER_KILL / ROWS_PER_INSERT));
  }
}

/** Makes the database record every row that is overwritten with an older one. */
async function recordRegressions({ db }: Sandbox): Promise<void> {
  await db.pool.query(`
    create table public.regressions (order_id text);
    grant insert on public.regressions to public;
    create function public.record_regression() returns trigger language plpgsql as $$
    begin
      if (new.ts, new.recommendation_id) < (old.ts, old.recommendation_id) then
        insert into public.regressions values (new.order_id);
      end if;
      return new;
    end $$;
    create trigger record_regression after update on recommender.pg_recommendations
    for each row execute function public.record_regression()`);
}

async function listRegressions({ db }: Sandbox): Promise<string[]> {
  const { rowCount } = await db.pool.query('select from public.regressions');
  return rowCount ? [`${rowCount} rows were overwritten with older ones`] : [];
}
