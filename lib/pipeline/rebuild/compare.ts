import type { Connection } from '#db/client.ts';
import { comparable } from '../maintenance/compact-windows.ts';
import type { Dataset } from '../tables/dataset/dataset.ts';
import { shadowOf } from './shadow.ts';

const SHOWN = 20;

/** A row that is not as bronze says; a column's values are those of the table and of the rebuild. */
export type RowDifference = {
  key: Record<string, unknown>;
  kind: 'missing' | 'extra' | 'different';
  columns: Record<string, { table: unknown; rebuilt: unknown }>;
};

/** How a table stands to what bronze says; `differences` are the first 20 rows, by their keys. */
export type Comparison = {
  table: string;
  rows: number;
  missing: number;
  extra: number;
  different: number;
  differences: RowDifference[];
};

type Counts = Pick<Comparison, 'rows' | 'missing' | 'extra' | 'different'>;
type Sides = { key: Record<string, unknown>; there?: Sided; rebuilt?: Sided };
type Sided = Record<string, unknown> | null;

/** Compares a table with its shadow in every column that is written; leaves the rows that differ in `difference_…`. */
export async function compareWithShadow(connection: Connection, dataset: Dataset): Promise<Comparison> {
  const { name, columns } = dataset;
  const written = comparable(columns);
  const [there, rebuilt] = [`lakeflow.${name}`, shadowOf(name)];
  await connection.query(`
    create temporary table difference_${name} on commit drop as
    -- one row per row that only one of the two has
    select 'there' as side, ${keyOf(dataset, 'alone')} as key, alone.*
    from (select ${written} from ${there} except all select ${written} from ${rebuilt}) as alone
    union all
    select 'rebuilt', ${keyOf(dataset, 'alone')}, alone.*
    from (select ${written} from ${rebuilt} except all select ${written} from ${there}) as alone`);
  const { rows } = await connection.query<Counts>(`
    with sides as (
      select key, bool_or(side = 'there') as there, bool_or(side = 'rebuilt') as rebuilt
      from pg_temp.difference_${name} group by key
    )
    select
      (select count(*) from ${rebuilt})::integer as rows,
      count(*) filter (where not there)::integer as missing,
      count(*) filter (where not rebuilt)::integer as extra,
      count(*) filter (where there and rebuilt)::integer as different
    from sides`);
  const counts = rows[0] ?? { rows: 0, missing: 0, extra: 0, different: 0 };
  const differs = counts.missing + counts.extra + counts.different > 0;
  return { table: name, ...counts, differences: differs ? await listFirst(connection, name) : [] };
}

/** The key of a row as jsonb, in which a null equals a null. */
export function keyOf({ key }: Dataset, alias: string): string {
  return `jsonb_build_object(${key.map((column) => `'${column}', ${alias}.${column}`).join(', ')})`;
}

async function listFirst(connection: Connection, name: string): Promise<RowDifference[]> {
  const { rows } = await connection.query<Sides>(
    `select
       key,
       (array_agg(to_jsonb(d) - 'side' - 'key') filter (where side = 'there'))[1] as there,
       (array_agg(to_jsonb(d) - 'side' - 'key') filter (where side = 'rebuilt'))[1] as rebuilt
     from pg_temp.difference_${name} as d
     group by key
     order by key
     limit ${SHOWN}`,
  );
  return rows.map(describe);
}

function describe({ key, there, rebuilt }: Sides): RowDifference {
  const kind = there ? (rebuilt ? 'different' : 'extra') : 'missing';
  const columns = Object.keys(there ?? rebuilt ?? {}).filter(
    (column) => JSON.stringify(there?.[column]) !== JSON.stringify(rebuilt?.[column]),
  );
  const values = columns.map(
    (column) => [column, { table: there?.[column] ?? null, rebuilt: rebuilt?.[column] ?? null }] as const,
  );
  return { key, kind, columns: kind === 'different' ? Object.fromEntries(values) : {} };
}
