import type { Connection } from '#db/client.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { timelyOf } from '../dataset/late-orders.ts';

/** What of a gold table says how its groups are computed. */
export type Restated = Pick<Dataset, 'name' | 'key' | 'columns' | 'partitionedBy' | 'window' | 'storedBody'>;

type Restatement = {
  /** Deletes the rows of the groups from which a batch removed rows. */
  deleteGroups(connection: Connection): Promise<void>;
  /** Computes these groups from the whole table. @returns how many. */
  insertGroups(connection: Connection): Promise<number>;
};

/*
 * An earlier creation of an order replaces its lines. Sums could be subtracted, but a sketch forgets nothing, so the
 * groups that lost a row are computed from silver again: from the days of the lines, not from history.
 */

/** How a gold table follows a batch that removed rows of `from`, the silver table that it aggregates. */
export function restate(table: Restated, from: Dataset): Restatement {
  const { name, key, columns, partitionedBy, window, storedBody } = table;
  const same = key.map((column) => `gold.${column} is not distinct from lost.${column}`).join(' and ');
  const groupsOf = (rows: string, selected: string) => `
    with ${from.name} as (${rows})
    select distinct ${selected} from (${storedBody}) as body`;
  const removed = `select * from pg_temp.${from.removed}`;
  const touched = `${removed} union all select * from pg_temp.${from.added}`;
  const lost = `(${groupsOf(removed, key.map((column) => `body.${column}`).join(', '))}) as lost`;
  const deleteLost = (rows: string) => {
    const within = partitionedBy
      ? `and gold.${partitionedBy} = any(array(${groupsOf(rows, `body.${partitionedBy}`)}))`
      : '';
    return `delete from lakeflow.${name} as gold using ${lost} where ${same} ${within}`;
  };
  const days = `
    select ${from.partitionedBy} from pg_temp.${from.removed}
    union
    select ${from.partitionedBy} from pg_temp.${from.added}
    where order_id in (select order_id from pg_temp.${from.removed})`;
  const whole = `select * from lakeflow.${from.name} where ${from.partitionedBy} = any(array(${days}))`;
  const source = window === null ? whole : timelyOf(`(${whole})`, name);
  return {
    deleteGroups: async (connection) => {
      await connection.query(deleteLost(removed));
    },
    insertGroups: async (connection) => {
      // What the batch added to these groups, perhaps on another day, is in the whole too.
      await connection.query(deleteLost(touched));
      const { rowCount } = await connection.query(`
        insert into lakeflow.${name} (${columns.join(', ')})
        select gold.*
        from (with ${from.name} as (${source}) ${storedBody}) as gold
        where exists (select from ${lost} where ${same})`);
      return rowCount ?? 0;
    },
  };
}
