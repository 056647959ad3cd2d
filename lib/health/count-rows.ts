import pg from 'pg';
import type { Database } from '#db/client.ts';

export type TableRows = { table: string; rows: number };

/** The number of rows of every table of the project, counted exactly, by schema and name. */
export async function countRows(db: Database): Promise<TableRows[]> {
  const tables = await db.pool.query<{ schemaname: string; tablename: string }>(`
    -- one row per table; the partitions of one count as that one
    select nspname as schemaname, relname as tablename
    from pg_class
    join pg_namespace on pg_namespace.oid = relnamespace
    where nspname in ('simulator', 'lakeflow', 'recommender', 'refunds', 'auth')
      and relkind in ('r', 'p') and not relispartition
    order by schemaname, tablename`);
  const counts: TableRows[] = [];
  for (const { schemaname, tablename } of tables.rows) {
    const name = `${pg.escapeIdentifier(schemaname)}.${pg.escapeIdentifier(tablename)}`;
    const { rows } = await db.pool.query<{ n: string }>(`select count(*) as n from ${name}`);
    counts.push({ table: `${schemaname}.${tablename}`, rows: Number(rows[0]?.n) });
  }
  return counts;
}
