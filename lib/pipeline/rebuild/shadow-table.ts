import type { Connection } from '#db/client.ts';
import type { Dataset } from '../tables/dataset/dataset.ts';
import { comparable, fromLakehouse, selectWhole } from '../tables/dataset/whole-table.ts';

/*
 * A shadow is a temporary table with the content that a table has to have. These statements name tables of the
 * transaction itself, so they cannot be declared and prepared alone.
 */

/** A row that differs from what bronze gives; the values of a column are those of the table and of the rebuild. */
export type RowDifference = {
  key: Record<string, unknown>;
  kind: 'missing' | 'extra' | 'different';
  columns: Record<string, { table: unknown; rebuilt: unknown }>;
};

/** How a table compares with what bronze gives; `differences` are the first 20 rows, by their keys. */
export type Comparison = {
  table: string;
  rows: number;
  missing: number;
  extra: number;
  different: number;
  differences: RowDifference[];
};

/**
 * Computes a table from its inputs into its shadow, which is dropped with the transaction.
 * @param rebuilt the tables that have a shadow already and are read from there.
 */
export async function buildShadow(
  connection: Connection,
  dataset: Dataset,
  rebuilt: ReadonlySet<string>,
): Promise<void> {
  const { name, columns } = dataset;
  const sources = (input: string) => (rebuilt.has(input) ? shadowOf(input) : fromLakehouse(input));
  await connection.query(
    `create temporary table shadow_${name} (like lakeflow.${name} including generated) on commit drop`,
  );
  await connection.query(
    `insert into ${shadowOf(name)} (${columns.join(', ')}) ${selectWhole(dataset, 'storedBody', sources)}`,
  );
  await connection.query(`analyze ${shadowOf(name)}`);
}

const shadowOf = (name: string) => `pg_temp.shadow_${name}`;

type Counts = Pick<Comparison, 'rows' | 'missing' | 'extra' | 'different'>;

/**
 * Compares a table with its shadow in every column that is written; stores the rows that differ in `difference_…`.
 * @param since leaves out the orders with an event before this day.
 */
export async function compareWithShadow(
  connection: Connection,
  dataset: Dataset,
  since: string | null,
): Promise<Comparison> {
  const { name, columns } = dataset;
  const compared = comparable(columns);
  const kept = (rows: string) => (since === null ? rows : `(${keptOrders(rows, since)}) as kept`);
  const [table, rebuilt] = [kept(`lakeflow.${name}`), kept(shadowOf(name))];
  await connection.query(`
    create temporary table difference_${name} on commit drop as
    -- one row per row that only one of the two has
    select 'table' as side, ${keyOf(dataset, 'alone')} as key, alone.*
    from (select ${compared} from ${table} except all select ${compared} from ${rebuilt}) as alone
    union all
    select 'rebuilt', ${keyOf(dataset, 'alone')}, alone.*
    from (select ${compared} from ${rebuilt} except all select ${compared} from ${table}) as alone`);
  const { rows } = await connection.query<Counts>(`
    with sides as (
      select key, bool_or(side = 'table') as in_table, bool_or(side = 'rebuilt') as in_rebuilt
      from pg_temp.difference_${name} group by key
    )
    select
      (select count(*) from ${rebuilt})::integer as rows,
      count(*) filter (where not in_table)::integer as missing,
      count(*) filter (where not in_rebuilt)::integer as extra,
      count(*) filter (where in_table and in_rebuilt)::integer as different
    from sides`);
  const counts = rows[0] ?? { rows: 0, missing: 0, extra: 0, different: 0 };
  const differs = counts.missing + counts.extra + counts.different > 0;
  return { table: name, ...counts, differences: differs ? await listDifferences(connection, name) : [] };
}

function keptOrders(rows: string, since: string): string {
  return `select * from ${rows} as known where not exists (
    select from lakeflow.silver_orders as earlier
    where earlier.order_id = known.order_id and earlier.first_day < '${since}')`;
}

/** The key of a row as jsonb, in which a null equals a null. */
function keyOf({ key }: Dataset, alias: string): string {
  return `jsonb_build_object(${key.map((column) => `'${column}', ${alias}.${column}`).join(', ')})`;
}

const MAX_DIFFERENCES = 20;

type Values = Record<string, unknown> | null;
type Sides = { key: Record<string, unknown>; table?: Values; rebuilt?: Values };

async function listDifferences(connection: Connection, name: string): Promise<RowDifference[]> {
  const { rows } = await connection.query<Sides>(
    `select
       key,
       (array_agg(to_jsonb(d) - 'side' - 'key') filter (where side = 'table'))[1] as table,
       (array_agg(to_jsonb(d) - 'side' - 'key') filter (where side = 'rebuilt'))[1] as rebuilt
     from pg_temp.difference_${name} as d
     group by key
     order by key
     limit ${MAX_DIFFERENCES}`,
  );
  return rows.map(describe);
}

function describe({ key, table, rebuilt }: Sides): RowDifference {
  const kind = table ? (rebuilt ? 'different' : 'extra') : 'missing';
  const columns = Object.keys(table ?? rebuilt ?? {}).filter(
    (column) => JSON.stringify(table?.[column]) !== JSON.stringify(rebuilt?.[column]),
  );
  const values = columns.map(
    (column) => [column, { table: table?.[column] ?? null, rebuilt: rebuilt?.[column] ?? null }] as const,
  );
  return { key, kind, columns: kind === 'different' ? Object.fromEntries(values) : {} };
}

/**
 * Corrects the rows in which a table differs from its shadow, and no others, so that readers can go on and a correct
 * table is not written. @returns how many rows were deleted and written.
 */
export async function correctTable(
  connection: Connection,
  dataset: Dataset,
): Promise<{ numDeletedRows: number; numOutputRows: number }> {
  const { name, columns } = dataset;
  const deleted = await connection.query(`
    delete from lakeflow.${name} as wrong
    using pg_temp.difference_${name} as difference
    where difference.side = 'table' and difference.key = ${keyOf(dataset, 'wrong')}`);
  const written = await connection.query(`
    insert into lakeflow.${name} (${columns.join(', ')})
    select ${columns.join(', ')} from pg_temp.difference_${name} where side = 'rebuilt'`);
  return { numDeletedRows: deleted.rowCount ?? 0, numOutputRows: written.rowCount ?? 0 };
}
