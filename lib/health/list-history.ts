import type { Database } from '#db/client.ts';
import { UsageError } from '#lib/errors.ts';

/** One version of a table: what was done to it, when and by whom. `timestamp` is ISO 8601 in UTC. */
export type HistoryEntry = {
  version: number;
  timestamp: string;
  userName: string;
  operation: string;
  operationParameters: Record<string, unknown>;
  operationMetrics: Record<string, unknown>;
};

type Row = {
  version: string;
  timestamp: Date;
  user_name: string;
  operation: string;
  operation_parameters: Record<string, unknown>;
  operation_metrics: Record<string, unknown>;
};

/**
 * The newest `limit` versions of a table of the lakehouse, newest first.
 * @param table with or without "lakeflow.".
 * @throws UsageError that lists the tables where there is none of that name.
 */
export async function listHistory(db: Database, table: string, limit: number): Promise<HistoryEntry[]> {
  const bare = table.replace(/^lakeflow\./, '');
  const tables = await listTables(db);
  if (!tables.includes(bare))
    throw new UsageError(`There is no table ${table} in lakeflow. The tables are: ${tables.join(', ')}.`);
  const { rows } = await db.pool.query<Row>('select * from describe_history($1) limit $2', [bare, limit]);
  return rows.map((row) => ({
    version: Number(row.version),
    timestamp: row.timestamp.toISOString(),
    userName: row.user_name,
    operation: row.operation,
    operationParameters: row.operation_parameters,
    operationMetrics: row.operation_metrics,
  }));
}

async function listTables(db: Database): Promise<string[]> {
  const { rows } = await db.pool.query<{ tablename: string }>(
    `
    -- one row per table; a partition has the history of its table
    select relname as tablename
    from pg_class
    where relnamespace = 'lakeflow'::regnamespace and relkind in ('r', 'p') and not relispartition
    order by relname`,
  );
  return rows.map(({ tablename }) => tablename);
}
