import type { Database } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import { countRows, type TableRows } from './count-rows.ts';
import { countWaitingFiles } from './count-waiting-files.ts';
import { type Accounts, getAccounts } from './get-accounts.ts';
import { getProgress, type StageProgress } from './get-progress.ts';
import { getRecommenderStatus, type RecommenderStatus } from './get-recommender-status.ts';
import { getSyncStatus, type SyncStatus } from './get-sync-status.ts';

/** Where the flow stands. Times are ISO 8601 in UTC, lags are seconds, null before the first batch; rows are exact. */
export type Status = {
  at: string;
  database: { kind: 'embedded' | 'external'; name: string; version: string };
  volume: string;
  lag: { newestEventSeconds: number | null; lastBatchSeconds: number | null };
  newestEventTs: string | null;
  watermark: string | null;
  lastBatch: StageProgress['lastBatch'];
  backlog: { files: number; orders: number; recommendations: number };
  accounts: Accounts;
  recommender: RecommenderStatus;
  sync: SyncStatus;
  tables: TableRows[];
};

export type StatusOptions = { clock: Clock; volume: string; kind: Status['database']['kind'] };

/** Reads lag, backlog, watermark, last batch and row counts. */
export async function getStatus(db: Database, { clock, volume, kind }: StatusOptions): Promise<Status> {
  const progress = await getProgress(db);
  const files = await countWaitingFiles(db, volume);
  const tables = await countRows(db);
  const identity = await db.pool.query<{ name: string; version: string }>(
    `select current_database() as name, current_setting('server_version') as version`,
  );
  const now = clock.now();
  const secondsSince = (ts: string | null | undefined) =>
    ts ? Math.round((now.getTime() - Date.parse(ts)) / 1000) : null;
  return {
    at: now.toISOString(),
    database: { kind, name: identity.rows[0]?.name ?? '', version: identity.rows[0]?.version ?? '' },
    volume,
    lag: {
      newestEventSeconds: secondsSince(progress.newestEventTs),
      lastBatchSeconds: secondsSince(progress.lastBatch?.committedTs),
    },
    newestEventTs: progress.newestEventTs,
    watermark: progress.watermark,
    lastBatch: progress.lastBatch,
    backlog: {
      files,
      orders: progress.unscoredOrders,
      recommendations: progress.unsyncedRecommendations,
    },
    accounts: await getAccounts(db.pool),
    recommender: await getRecommenderStatus(db, now),
    sync: await getSyncStatus(db, now),
    tables,
  };
}
