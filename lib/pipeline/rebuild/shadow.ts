import type { Connection } from '#db/client.ts';
import type { Dataset } from '../tables/dataset/dataset.ts';
import { fromLakehouse, selectWhole } from '../tables/dataset/whole-table.ts';

/**
 * Computes a table anew into a temporary one beside it, which is gone with the transaction.
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
    `insert into ${shadowOf(name)} (${columns.join(', ')}) ${selectWhole(dataset, 'rows', sources)}`,
  );
  await connection.query(`analyze ${shadowOf(name)}`);
}

/** The name of a table's shadow. */
export function shadowOf(name: string): string {
  return `pg_temp.shadow_${name}`;
}
