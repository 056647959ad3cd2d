import { setTimeout as wait } from 'node:timers/promises';
import { integer, type Source, stream } from '#lib/random.ts';
import { findDifferences, insertRecommendations } from '#lib/sync/recommendations.testing.ts';
import { type Bench, withBench } from './lab.ts';
import type { ChaosContext, ChaosPart } from './part.ts';
import { killSync, startSync } from './run-sync.ts';

const ROWS_PER_KILL = 200;
const ROWS_AT_ONCE = 20;
const START = Date.parse('2026-11-20T12:00:00Z');
/** Long enough for the command to start, so that about half of the kills meet it at work. */
const LIFE_MS = 1_500;

/** Rows are written, many for the same orders and with times that run backwards, while the sync is killed. */
export const syncKills: ChaosPart = {
  goal: 'a sync killed at any moment converges to the newest of each order, and an older one never overwrites a newer',
  times: 50,
  short: 3,
  run: (context) => withBench(context.lab, (bench) => killAndCompare(context, bench)),
};

async function killAndCompare({ seed, times, signal, say }: ChaosContext, bench: Bench) {
  const rows = times * ROWS_PER_KILL;
  const random = stream(seed, 'sync kills');
  await noteStepsBack(bench);
  const writing = writeRows(bench, rows, stream(seed, 'sync rows'), signal);
  for (let kills = 1; kills <= times && !signal.aborted; kills += 1) {
    const sync = startSync(bench.url, '--continuous');
    await wait(random() * LIFE_MS);
    await killSync(sync);
    if (kills % 10 === 0) say(`${kills} kills`);
  }
  await writing;
  await startSync(bench.url, '--once').ended;
  const differences = await findDifferences(bench.db);
  const problems = [
    ...(differences.length > 0 ? [`${differences.length} rows differ from the newest of their orders`] : []),
    ...(await listStepsBack(bench)),
  ];
  return { figures: { kills: times, rows, differences: differences.length }, problems };
}

/** A fifth of the orders come again and again, at random times: newer and older ones in any order. */
async function writeRows({ db }: Bench, rows: number, random: Source, signal: AbortSignal): Promise<void> {
  for (let done = 0; done < rows && !signal.aborted; done += ROWS_AT_ONCE) {
    await insertRecommendations(
      db,
      Array.from({ length: ROWS_AT_ONCE }, (_, n) => ({
        orderId: `O${integer(random, 0, rows / 5)}`,
        ts: new Date(START + integer(random, 0, 86_400_000)).toISOString(),
        version: `v${done + n}`,
        refund: integer(random, 0, 19),
      })),
    );
    await wait(LIFE_MS / 2 / (ROWS_PER_KILL / ROWS_AT_ONCE));
  }
}

/** Lets the database note whenever a row gives way to an older one. */
async function noteStepsBack({ db }: Bench): Promise<void> {
  await db.pool.query(`
    create table public.steps_back (order_id text);
    grant insert on public.steps_back to public;
    create function public.note_step_back() returns trigger language plpgsql as $$
    begin
      if (new.ts, new.recommendation_id) < (old.ts, old.recommendation_id) then
        insert into public.steps_back values (new.order_id);
      end if;
      return new;
    end $$;
    create trigger note_step_back after update on recommender.pg_recommendations
    for each row execute function public.note_step_back()`);
}

async function listStepsBack({ db }: Bench): Promise<string[]> {
  const { rowCount } = await db.pool.query('select from public.steps_back');
  return rowCount ? [`${rowCount} rows gave way to older ones`] : [];
}
