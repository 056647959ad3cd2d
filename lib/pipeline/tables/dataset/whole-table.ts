import type { Dataset } from './dataset.ts';
import { timelyOf } from './late-orders.ts';

/** Where the rows of an input stand: its bare name → the table, with its schema. */
export type Sources = (input: string) => string;

export const fromLakehouse: Sources = (input) => `lakeflow.${input}`;

/**
 * The select that computes a declared table at once from its whole inputs, as `body` says or as `rows` keeps it.
 * A windowed table leaves out what came late, as is recorded. Times are cut in the time zone of the session, which has to be UTC.
 */
export function selectWhole(dataset: Dataset, form: 'body' | 'rows', sources = fromLakehouse): string {
  const select = dataset[form];
  if (!select) throw new Error(`${dataset.name} is made from files: there is no select that computes it.`);
  const read = (table: string) =>
    dataset.window === null ? `select * from ${table}` : timelyOf(table, dataset.name);
  const inputs = dataset.inputs.map((input) => `${input} as (${read(sources(input))})`);
  return `with ${inputs.join(', ')} select * from (${select}) as whole`;
}
