import type { Dataset } from './dataset.ts';
import { timelyOf } from './late-orders.ts';

/** Where the rows of an input are: its bare name → the table, with its schema. */
export type Sources = (input: string) => string;

export const fromLakehouse: Sources = (input) => `lakeflow.${input}`;

/**
 * The select that computes a declared table from its whole inputs. A windowed table leaves out the late orders that are
 * recorded for it. Days and hours are those of the session's time zone, which has to be UTC.
 */
export function selectWhole(
  dataset: Dataset,
  form: 'body' | 'storedBody',
  sources: Sources = fromLakehouse,
): string {
  const select = dataset[form];
  if (!select) throw new Error(`${dataset.name} is made from files: there is no select that computes it.`);
  const read = (table: string) =>
    dataset.window === null ? `select * from ${table}` : timelyOf(table, dataset.name);
  const inputs = dataset.inputs.map((input) => `${input} as (${read(sources(input))})`);
  return `with ${inputs.join(', ')} select * from (${select}) as whole`;
}

/** The select list of columns for a comparison: a sketch in its compact form, which is the same for equal sketches. */
export function comparable(columns: readonly string[]): string {
  return columns
    .map((column) => (isSketch(column) ? `lakeflow.hll_compact(${column}) as ${column}` : column))
    .join(', ');
}

/** Whether a column holds the mergeable sketch of a distinct count. */
export function isSketch(column: string): boolean {
  return column.endsWith('_sketch');
}
