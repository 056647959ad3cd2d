import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { oracleStatements, type RawSource } from './oracle-sql.ts';
import { readDuckdb, shapes } from './shapes.ts';

/** A row in the common writing of both engines. */
export type Written = Record<string, string | null>;

/** Bronze, silver and gold as they must be: table → rows. `seconds` is what DuckDB took from files to gold. */
export type Oracle = { tables: ReadonlyMap<string, Written[]>; seconds: number };

/** Computes the whole lakehouse from raw files with another engine and other SQL. */
export async function computeOracle(source: RawSource): Promise<Oracle> {
  return withDuckdb(source, async (connection, seconds) => {
    const tables = new Map<string, Written[]>();
    for (const shape of shapes) tables.set(shape.table, await readAll(connection, readDuckdb(shape)));
    return { tables, seconds };
  });
}

/** How long DuckDB takes from these files to gold, in seconds, alone on the machine's cores. */
export async function timeOracle(source: RawSource): Promise<number> {
  return withDuckdb(source, async (_connection, seconds) => seconds);
}

/** Runs `work` on a DuckDB in memory that holds the oracle's tables. */
export async function withDuckdb<Result>(
  source: RawSource,
  work: (connection: DuckDBConnection, seconds: number) => Promise<Result>,
): Promise<Result> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run(`set TimeZone = 'UTC'`);
    const started = performance.now();
    for (const statement of oracleStatements(source)) await connection.run(statement);
    return await work(connection, (performance.now() - started) / 1000);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** All rows of a query whose columns are texts. */
export async function readAll(connection: DuckDBConnection, sql: string): Promise<Written[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader
    .getRowObjectsJson()
    .map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([column, value]) => [column, value === null ? null : `${value}`]),
      ),
    );
}
