import { sql } from 'drizzle-orm/sql';
import { advisoryLocks } from '#db/advisory-locks.ts';
import { type Connection, type Database, inTransaction } from '#db/client.ts';
import { boolean, text } from '#db/columns.ts';
import { type Statement, statement } from '#db/statement.ts';
import { readDimensions } from './read-dimensions.ts';
import { type Dimensions, primaryKeys, type TableName, tableNames, tables } from './tables.ts';

/** The rows of one table that a load touched. */
export type LoadCounts = { inserted: number; updated: number; deleted: number; unchanged: number };
export type LoadReport = { changed: boolean; tables: Record<TableName, LoadCounts> };

/**
 * Makes `simulator.*` equal to a directory of Parquet files, in one transaction: it upserts the rows that differ and
 * deletes those that are gone. A second load of the same files reports `changed: false`.
 * @throws OperatorError where the files are invalid; then nothing is changed.
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
  const written = await upserts[table](connection, { rows: JSON.stringify(rows) });
  const inserted = written.filter(({ isNew }) => isNew).length;
  return {
    inserted,
    updated: written.length - inserted,
    deleted: gone.rowCount ?? 0,
    unchanged: rows.length - written.length,
  };
}

type Upsert = Statement<{ rows: string }, { isNew: boolean }>;
const upserts = Object.fromEntries(tableNames.map((table) => [table, declareUpsert(table)])) as Record<
  TableName,
  Upsert
>;

/** One statement per table. `rows` is a JSON array; the result has a row for each that is new or differs. */
function declareUpsert(table: TableName): Upsert {
  const columns = Object.keys(tables[table].shape);
  const name = sql.raw(`simulator.${table}`);
  const key = sql.raw(primaryKeys[table]);
  const list = sql.raw(columns.join(', '));
  const listOf = (source: string) => sql.raw(columns.map((column) => `${source}.${column}`).join(', '));
  return statement({
    params: { rows: text },
    returns: { isNew: boolean },
    sql: ({ rows }) => sql`
      insert into ${name} as existing (${list})
      select ${list} from json_populate_recordset(null::${name}, ${rows})
      on conflict (${key}) do update
        set (${list}) = row(${listOf('excluded')})
        where (${listOf('existing')}) is distinct from (${listOf('excluded')})
      returning xmax = 0 as is_new`,
  });
}
