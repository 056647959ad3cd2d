import type { Database } from '#db/client.ts';
import { systemClock } from '#lib/clock.ts';
import { silentLog } from '#lib/log.ts';
import { silentProgress } from '#lib/progress.ts';
import { type RecommendOptions, recommendOnce } from './run.ts';

/** How tests recommend: by the policy alone and silently. */
export const quietly: RecommendOptions = {
  clock: systemClock,
  log: silentLog,
  signal: new AbortController().signal,
  say: () => undefined,
  startProgress: () => silentProgress,
  scorer: undefined,
  callsPerHour: 0,
  outageMs: 0,
  stopAfter: 1_000,
};

export function recommend(db: Database, change: Partial<RecommendOptions> = {}) {
  return recommendOnce(db, { ...quietly, ...change });
}

/** Counts every delivery as new, however old it is. */
export async function withoutHistory(db: Database): Promise<void> {
  await db.pool.query(`insert into recommender.stream values (true, '-infinity', now())`);
}

export async function read<Row extends object>(db: Database, sql: string): Promise<Row[]> {
  return (await db.pool.query<Row>(sql)).rows;
}
