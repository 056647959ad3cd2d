import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { count, type RowOf, text } from '#db/columns.ts';
import { hasRoles } from '#db/roles/assume-role.ts';
import { dynamicStatement, statement } from '#db/statement.ts';
import type { Clock } from '#lib/clock.ts';
import type { ChangedFile } from '#lib/volume/index.ts';
import { type Accounts, countWaitingFiles, getAccounts } from './check-accounts.ts';
import {
  getProgress,
  getRecommenderStatus,
  type RecommenderStatus,
  type StageProgress,
} from './get-progress.ts';
import { getSyncStatus, type SyncStatus } from './get-sync-status.ts';
import { listChangedFiles } from './list-changed-files.ts';
import { listSilentLocations, type SilentLocation } from './list-silent-locations.ts';

/** The state of the whole flow. Times are ISO 8601 in UTC, lags are seconds, null before the first batch; row counts are exact. */
export type Status = {
  at: string;
  database: { kind: 'embedded' | 'external'; name: string; version: string; user: string; hasRoles: boolean };
  volume: string;
  lag: { newestEventSeconds: number | null; lastBatchSeconds: number | null };
  newestEventTs: string | null;
  watermark: string | null;
  lastBatch: StageProgress['lastBatch'];
  backlog: { files: number; changedFiles: ChangedFile[]; orders: number; recommendations: number };
  accounts: Accounts;
  recommender: RecommenderStatus;
  sync: SyncStatus;
  /** Locations whose own events have stopped while others go on. */
  silentLocations: SilentLocation[];
  tables: TableRows[];
};

type TableRows = { table: string; rows: number };

const findIdentity = statement({
  returns: { name: text, version: text, user: text },
  sql: () => sql`
    select current_database() as name, current_setting('server_version') as version, session_user::text as "user"`,
});

export type StatusOptions = { clock: Clock; volume: string; kind: Status['database']['kind'] };

/** Reads lag, backlog, watermark, last batch and row counts. */
export async function getStatus(db: Database, { clock, volume, kind }: StatusOptions): Promise<Status> {
  const progress = await getProgress(db);
  const files = await countWaitingFiles(db, volume);
  const tables = await countRows(db);
  const [identity] = await findIdentity(db.pool, {});
  const now = clock.now();
  const secondsSince = (ts: string | null | undefined) =>
    ts ? Math.round((now.getTime() - Date.parse(ts)) / 1000) : null;
  return {
    at: now.toISOString(),
    database: {
      kind,
      name: identity?.name ?? '',
      version: identity?.version ?? '',
      user: identity?.user ?? '',
      hasRoles: await hasRoles(db.pool),
    },
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
      changedFiles: await listChangedFiles(db, volume),
      orders: progress.unscoredOrders,
      recommendations: progress.unsyncedRecommendations,
    },
    accounts: await getAccounts(db.pool),
    recommender: await getRecommenderStatus(db, now),
    sync: await getSyncStatus(db, now),
    silentLocations: await listSilentLocations(db),
    tables,
  };
}

const tableColumns = { schema: text, table: text };

const findTables = statement({
  returns: tableColumns,
  sql: () => sql`
    -- one row per table; the partitions of one count as that one
    select nspname as schema, relname as table
    from pg_class
    join pg_namespace on pg_namespace.oid = relnamespace
    where nspname in ('simulator', 'lakeflow', 'recommender', 'refunds', 'auth')
      and relkind in ('r', 'p') and not relispartition
    order by 1, 2`,
});

const countTable = dynamicStatement({
  returns: { rows: count },
  samples: [{ schema: 'lakeflow', table: 'all_events' }],
  sql: ({ schema, table }: RowOf<typeof tableColumns>) =>
    sql`select count(*) as rows from ${sql.identifier(schema)}.${sql.identifier(table)}`,
});

/** The number of rows of every table of the project, counted exactly, by schema and name. */
async function countRows(db: Database): Promise<TableRows[]> {
  const counts: TableRows[] = [];
  for (const { schema, table } of await findTables(db.pool, {})) {
    const [counted] = await countTable(db.pool, { schema, table });
    counts.push({ table: `${schema}.${table}`, rows: counted?.rows ?? 0 });
  }
  return counts;
}
