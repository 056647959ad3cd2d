import { type Dataset, refreshWith } from '../dataset/dataset.ts';
import { timelyAdded } from '../dataset/late-orders.ts';

/**
 * How a measure over all rows follows from those over parts of them: a `sum` or a count adds up; `count_distinct`
 * is kept as a mergeable sketch in `<name>_sketch`; a `set`, kept sorted and empty instead of null, and a
 * `percentile` do not follow.
 */
export type Measure = 'sum' | 'count_distinct' | 'set' | 'percentile';

/**
 * How the table takes in a batch: `merge` adds the measures of what the batch brought to those that are there;
 * `insert` is for groups that come whole, in one batch; a statement is for what does not follow from the body.
 */
export type Growth = 'merge' | 'insert' | { sql: string };

/** A gold table: a plain grouped aggregate over one silver table. */
export type GoldDeclaration = Pick<Dataset, 'name' | 'grain' | 'key' | 'partitionedBy' | 'window'> & {
  from: Dataset;
  /** Columns that the key determines. */
  attributes?: readonly string[];
  /** The columns that are aggregated, each with how it follows from its parts. */
  measures: Readonly<Record<string, Measure>>;
  /** The aggregate, in SQL that any engine runs. */
  body: string;
  growth: Growth;
  expectations?: Dataset['expectations'];
};

/** Makes a declared aggregate a table of the flow: grown by the same aggregate over what a batch added. */
export function declareGold(declaration: GoldDeclaration): Dataset {
  const { from, attributes = [], measures, growth, expectations = [], ...declared } = declaration;
  const columns = [...declared.key, ...attributes, ...Object.entries(measures).map(storedName)];
  const table = { ...declared, columns, rows: storedForm(declaration, columns) };
  return {
    ...table,
    layer: 'gold',
    inputs: [from.name],
    expectations,
    added: null,
    refresh: refreshWith(typeof growth === 'object' ? growth.sql : growBy(table, declaration)),
  };
}

function storedName([name, measure]: [string, Measure]): string {
  return measure === 'count_distinct' ? `${name}_sketch` : name;
}

/** The body with every distinct count as a sketch, and its columns in order. */
function storedForm({ name, body, measures }: GoldDeclaration, columns: readonly string[]): string {
  let stored = body;
  for (const [column, measure] of Object.entries(measures)) {
    if (measure !== 'count_distinct') continue;
    const count = new RegExp(`count\\(distinct (\\w+)\\) as ${column}\\b`);
    if (!count.test(body)) throw new Error(`${name}: the body has no "count(distinct …) as ${column}".`);
    const sketch = `lakeflow.hll_of(array_agg(lakeflow.hll_hash($1))) as ${column}_sketch`;
    stored = stored.replace(count, sketch);
  }
  const selected = columns.map((column) =>
    measures[column] === 'set' ? `coalesce(${column}, '{}') as ${column}` : column,
  );
  return `select ${selected.join(', ')}\nfrom (${stored}) as body`;
}

type Table = Pick<Dataset, 'name' | 'key' | 'columns' | 'window'> & { rows: string };

function growBy(
  { name, key, columns, rows, window }: Table,
  { from, growth, measures }: GoldDeclaration,
): string {
  if (!from.added) throw new Error(`${name}: ${from.name} does not say what a batch added to it.`);
  const added = window === null ? `select * from pg_temp.${from.added}` : timelyAdded(from.added);
  const insert = `
with ${from.name} as (${added})
insert into lakeflow.${name} as gold (${columns.join(', ')})
${rows}`;
  if (growth === 'insert') return insert;
  const merges = Object.entries(measures).map((entry) => mergeOf(name, entry));
  return `${insert}\non conflict (${key.join(', ')}) do update set\n  ${merges.join(',\n  ')}`;
}

function mergeOf(table: string, [name, measure]: [string, Measure]): string {
  if (measure === 'sum') return `${name} = gold.${name} + excluded.${name}`;
  if (measure === 'count_distinct')
    return `${name}_sketch = lakeflow.hll_add(gold.${name}_sketch, excluded.${name}_sketch)`;
  throw new Error(`${table}: a ${measure} does not follow from its parts; give the statement that grows it.`);
}
