import type { Dataset } from '../dataset/dataset.ts';
import { timelyAdded } from '../dataset/late-orders.ts';
import { isRestating } from '../silver/silver-orders.ts';
import { type Restated, restate } from './restate.ts';

/**
 * How a measure over all rows follows from the measures over parts of them: a `sum` (or a count) adds up; a
 * `count_distinct` is stored as a mergeable sketch in `<name>_sketch`; a `set`, stored sorted and empty instead of null,
 * and a `percentile` do not follow from their parts.
 */
export type Measure = 'sum' | 'count_distinct' | 'set' | 'percentile';

/**
 * How the table takes in a batch: `merge` adds the measures of the batch to the stored ones; `insert` is for groups that
 * always come whole, in one batch; a statement is for anything that does not follow from the body, and it has to compute
 * the groups of the rows that a batch removed too, of which only the old rows have been deleted.
 */
export type Growth = 'merge' | 'insert' | { sql: string };

/** Writes a distinct count into the body: `count(distinct <column>) as <name>`, or in the stored form its sketch. */
export type CountDistinct = (column: string, name: string) => string;

/** A gold table: a plain grouped aggregate over one silver table. */
export type GoldDeclaration = Pick<Dataset, 'name' | 'grain' | 'key' | 'partitionedBy' | 'window'> & {
  from: Dataset;
  /** Columns that the key determines. */
  attributes?: readonly string[];
  /** The columns that are aggregated, each with how it follows from its parts. */
  measures: Readonly<Record<string, Measure>>;
  /** The aggregate, in SQL that any engine runs. */
  body: (countDistinct: CountDistinct) => string;
  growth: Growth;
  expectations?: Dataset['expectations'];
};

/** Makes a declared aggregate a table of the flow, which grows by the same aggregate over the rows that a batch added. */
export function declareGold(declaration: GoldDeclaration): Dataset {
  const { from, attributes = [], measures, growth, expectations = [], body, ...declared } = declaration;
  const columns = [...declared.key, ...attributes, ...Object.entries(measures).map(storedName)];
  const table = { ...declared, columns, storedBody: storedForm(declaration, columns) };
  return {
    ...table,
    layer: 'gold',
    inputs: [from.name],
    expectations,
    body: body((column, name) => `count(distinct ${column}) as ${name}`),
    added: null,
    removed: null,
    refresh: refreshBy(table, declaration),
  };
}

function storedName([name, measure]: [string, Measure]): string {
  return measure === 'count_distinct' ? `${name}_sketch` : name;
}

/** The body with every distinct count as a sketch, and its columns in the order of the table. */
function storedForm({ name, body, measures }: GoldDeclaration, columns: readonly string[]): string {
  const counted = new Set<string>();
  const stored = body((column, as) => {
    counted.add(as);
    return `lakeflow.hll_of(array_agg(lakeflow.hll_hash(${column}))) as ${as}_sketch`;
  });
  for (const [column, measure] of Object.entries(measures))
    if ((measure === 'count_distinct') !== counted.has(column))
      throw new Error(`${name}: ${column} has to be both a count_distinct and counted so by the body.`);
  const selected = columns.map((column) =>
    measures[column] === 'set' ? `coalesce(${column}, '{}') as ${column}` : column,
  );
  return `select ${selected.join(', ')}\nfrom (${stored}) as body`;
}

/** Grows the table by what a batch added; where it also removed rows, their groups are computed again. */
function refreshBy(table: Restated, declaration: GoldDeclaration): Dataset['refresh'] {
  const { growth, from } = declaration;
  const grow = typeof growth === 'object' ? growth.sql : growBy(table, declaration);
  return async (connection) => {
    const removed = (await isRestating(connection)) ? restate(table, from) : undefined;
    if (removed) await removed.deleteGroups(connection);
    const grown = (await connection.query(grow)).rowCount ?? 0;
    if (!removed || typeof growth === 'object') return grown;
    return grown + (await removed.insertGroups(connection));
  };
}

type Table = Pick<Dataset, 'name' | 'key' | 'columns' | 'window' | 'storedBody'>;

function growBy(
  { name, key, columns, storedBody, window }: Table,
  { from, growth, measures }: GoldDeclaration,
): string {
  if (!from.added) throw new Error(`${name}: ${from.name} does not say which rows a batch added to it.`);
  const added = window === null ? `select * from pg_temp.${from.added}` : timelyAdded(from.added);
  const insert = `
with ${from.name} as (${added})
insert into lakeflow.${name} as gold (${columns.join(', ')})
${storedBody}`;
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
