import { advisoryLocks } from '#db/advisory-locks.ts';
import { type Connection, type Database, inTransaction } from '#db/client.ts';
import { readDimensions } from './read-dimensions.ts';
import { type Dimensions, primaryKeys, type TableName, tableNames, tables } from './tables.ts';

/** Rows of one table that a load touched. */
export type LoadCounts = { inserted: number; updated: number; deleted: number; unchanged: number };
export type LoadReport = { changed: boolean; tables: Record<TableName, LoadCounts> };

/**
 * Makes `simulator.*` equal to a directory of Parquet files, in one transaction: upserts what differs, deletes
 * what is gone. A second load of the same files changes nothing and says so with `changed: false`.
 * @throws OperatorError where the files do not hold; nothing is changed then.
 */
export async function loadDimensions(db: Pick<Database, 'pool'>, directory: string): Promise<LoadReport> {
  const dimensions = await readDimensions(directory);
  return inTransaction(db.pool, async (connection) => {
    await connection.query('select pg_advisory_xact_lock($1)', [advisoryLocks.dimensions]);
    await connection.query('set constraints all deferred');
    const counts: [TableName, LoadCounts][] = [];
    for (const table of tableNames) counts.push([table, await replaceRows(connection, dimensions, table)]);
    const changed = counts.some(([, { inserted, updated, deleted }]) => inserted + updated + deleted > 0);
    return { changed, tables: Object.fromEntries(counts) as LoadReport['tables'] };
  });
}

/** Deletes first, so that a location may take over the code of one that is gone. */
async function replaceRows(
  connection: Connection,
  dimensions: Dimensions,
  table: TableName,
): Promise<LoadCounts> {
  const key = primaryKeys[table];
  const rows: Record<string, unknown>[] = dimensions[table];
  const gone = await connection.query(`delete from simulator.${table} where not ${key} = any($1)`, [
    rows.map((row) => row[key]),
  ]);
  const written = await connection.query<{ is_new: boolean }>(upsert(table), [JSON.stringify(rows)]);
  const inserted = written.rows.filter((row) => row.is_new).length;
  return {
    inserted,
    updated: written.rows.length - inserted,
    deleted: gone.rowCount ?? 0,
    unchanged: rows.length - written.rows.length,
  };
}

function upsert(table: TableName): string {
  const columns = Object.keys(tables[table].shape).join(', ');
  const listOf = (source: string) => columns.replaceAll(/\w+/g, (column) => `${source}.${column}`);
  return `
    -- one row per ${primaryKeys[table]} that is new or differs
    insert into simulator.${table} as kept (${columns})
    select ${columns} from json_populate_recordset(null::simulator.${table}, $1)
    on conflict (${primaryKeys[table]}) do update
      set (${columns}) = row(${listOf('excluded')})
      where (${listOf('kept')}) is distinct from (${listOf('excluded')})
    returning xmax = 0 as is_new`;
}
