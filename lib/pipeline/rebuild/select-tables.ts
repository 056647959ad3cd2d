import { UsageError } from '#lib/errors.ts';
import type { Dataset } from '../tables/dataset/dataset.ts';
import { flow } from '../tables/flow.ts';

/** The tables that are derived from bronze, in the order of the flow. */
const derived = flow.filter(({ storedBody }) => storedBody !== null);

/**
 * The tables of a selection: `gold_order_header` is that table, `silver_deliveries+` the table and everything that is
 * made from it; an empty selection is all of silver and gold.
 * @throws UsageError that lists the tables, for an unknown one.
 */
export function selectTables(selections: readonly string[]): Dataset[] {
  if (selections.length === 0) return [...derived];
  const selected = new Set(selections.flatMap(expand));
  return derived.filter(({ name }) => selected.has(name));
}

function expand(selection: string): string[] {
  const name = selection.replace(/\+$/, '').replace(/^lakeflow\./, '');
  if (!derived.some((dataset) => dataset.name === name)) {
    const known = derived.map((dataset) => dataset.name).join(', ');
    throw new UsageError(`${selection} is not a table that is derived from bronze. These are: ${known}.`);
  }
  return selection.endsWith('+') ? withDownstream(name) : [name];
}

function withDownstream(name: string): string[] {
  const found = new Set([name]);
  for (const dataset of derived)
    if (dataset.inputs.some((input) => found.has(input))) found.add(dataset.name);
  return [...found];
}
