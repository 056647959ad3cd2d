import type { Connection } from '#db/client.ts';
import type { Dataset } from '../tables/dataset/dataset.ts';
import { keyOf } from './compare.ts';

/**
 * Makes a table what its shadow is, by the rows that differ alone, so that readers keep reading and a table that is
 * right is not written. @returns how many rows were removed and written.
 */
export async function putRight(
  connection: Connection,
  dataset: Dataset,
): Promise<{ numDeletedRows: number; numOutputRows: number }> {
  const { name, columns } = dataset;
  const removed = await connection.query(`
    delete from lakeflow.${name} as wrong
    using pg_temp.difference_${name} as difference
    where difference.side = 'there' and difference.key = ${keyOf(dataset, 'wrong')}`);
  const written = await connection.query(`
    insert into lakeflow.${name} (${columns.join(', ')})
    select ${columns.join(', ')} from pg_temp.difference_${name} where side = 'rebuilt'`);
  return { numDeletedRows: removed.rowCount ?? 0, numOutputRows: written.rowCount ?? 0 };
}
