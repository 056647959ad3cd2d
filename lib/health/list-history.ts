import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { count, instant, integer, json, type RowOf, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { UsageError } from '#lib/errors.ts';

/** One version of a table: what was done to it, when and by whom. `timestamp` is ISO 8601 in UTC. */
const historyColumns = {
  version: count,
  timestamp: instant,
  userName: text,
  operation: text,
  operationParameters: json<Record<string, unknown>>(),
  operationMetrics: json<Record<string, unknown>>(),
};
export type HistoryEntry = RowOf<typeof historyColumns>;

const findHistory = statement({
  params: { table: text, limit: integer },
  returns: historyColumns,
  sql: ({ table, limit }) => sql`select * from describe_history(${table}) limit ${limit}`,
});

const findTables = statement({
  returns: { name: text },
  sql: () => sql`
    -- one row per table; a partition has the history of its table
    select relname as name
    from pg_class
    where relnamespace = 'lakeflow'::regnamespace and relkind in ('r', 'p') and not relispartition
    order by relname`,
});

/**
 * The newest `limit` versions of a table of the lakehouse, newest first.
 * @param table with or without "lakeflow.".
 * @throws UsageError that lists the tables, for an unknown name.
 */
export async function listHistory(db: Database, table: string, limit: number): Promise<HistoryEntry[]> {
  const bare = table.replace(/^lakeflow\./, '');
  const tables = (await findTables(db.pool, {})).map(({ name }) => name);
  if (!tables.includes(bare))
    throw new UsageError(`There is no table ${table} in lakeflow. The tables are: ${tables.join(', ')}.`);
  return findHistory(db.pool, { table: bare, limit });
}
