import { type Columns, sqlNameOf } from '#db/columns.ts';
import { recommendationColumns, requiredRecommendationColumns } from '#db/recommendation-columns.ts';

const namesOf = (columns: Columns) => Object.entries(columns).map(([key, column]) => sqlNameOf(key, column));
const copied = namesOf(recommendationColumns).filter((name) => name !== 'order_id');
const required = namesOf(requiredRecommendationColumns).filter((name) => name !== 'order_id');

/** What is copied of a recommendation besides its id and `order_id`, which is the key of the synced table. */
export const columnList = copied.join(', ');

/** For an upsert: every column as in the incoming row. */
export const setColumns = ['recommendation_id', ...copied, 'synced_at']
  .map((name) => `${name} = excluded.${name}`)
  .join(', ');

/** The first column that a row lacks, as SQL over the row; null where the row is complete. */
export const missingColumn = `
    case
      when btrim(order_id) <> '' is not true then 'order_id'
      ${required.map((name) => `when ${name} is null then '${name}'`).join('\n      ')}
    end`;
