import { createHash } from 'node:crypto';
import { type Placeholder, type SQL, sql } from 'drizzle-orm/sql';
import type pg from 'pg';
import { compileObject } from '#lib/compile-object.ts';
import type { Connection, Pool } from './client.ts';
import { type Column, type Columns, isGroup, type Returns, type RowOf, sqlNameOf } from './columns.ts';
import { type Compiled, compileSql } from './compile-sql.ts';
import { resultTypes } from './result-types.ts';

export type Runner = Pool | Connection | pg.Client;

/** A statement with its parameters and result: call it with a connection and the parameters to get the rows. */
export type Statement<Params, Row> = (runner: Runner, params: Params) => Promise<Row[]>;

/** What the test of all statements knows of one: the texts that it can have, and the columns that each must give. */
export type Declared = { texts: () => Compiled[]; returns: Returns };

const declared: Declared[] = [];

/** Every statement that has been declared by the modules loaded so far. */
export const listStatements = (): readonly Declared[] => declared;

/**
 * Declares a statement whose text never changes: parameters stand in the SQL where they are used, and the server plans
 * it once for each connection. A test prepares it against the migrated schema and compares the columns and types.
 * Declare it at the top of a file, not inside a function.
 *
 *     const findCase = statement({
 *       params: { orderId: text },
 *       returns: { orderId: text, status: oneOf(caseStatuses) },
 *       sql: ({ orderId }) => sql`select order_id, status from refunds.cases where order_id = ${orderId}`,
 *     });
 *     const [row] = await findCase(db.pool, { orderId });
 *
 * @throws Error at a call, where the server gives a result without one of the columns.
 */
export function statement<Result extends Returns, Params extends Columns = Record<never, Column>>(spec: {
  params?: Params;
  returns: Result;
  sql: (params: { [Key in keyof Params]: Placeholder }) => SQL;
}): Statement<RowOf<Params>, RowOf<Result>> {
  const params = spec.params ?? ({} as Params);
  const holders = Object.fromEntries(Object.keys(params).map((key) => [key, sql.placeholder(key)]));
  const compiled = compileSql(spec.sql(holders as { [Key in keyof Params]: Placeholder }));
  declared.push({ texts: () => [compiled], returns: spec.returns });
  const name = planName(compiled.text);
  const readRows = createRowsReader<RowOf<Result>>(listFields(spec.returns));
  return (runner, values) =>
    run(runner, { name, text: compiled.text, values: fill(compiled, params, values) }, readRows);
}

/**
 * Declares a statement whose text depends on what is asked, such as filters that may be left out. Values in the SQL
 * are bound where they stand; an array must be wrapped in `sql.param`. `samples` are questions that give every text
 * worth testing.
 * @param spec.isPlannedOnce false where the plan must depend on the values, such as how common a searched word is.
 */
export function dynamicStatement<Question, Result extends Returns>(spec: {
  returns: Result;
  sql: (question: Question) => SQL;
  samples: Question[];
  isPlannedOnce?: (question: Question) => boolean;
}): Statement<Question, RowOf<Result>> {
  const readRows = createRowsReader<RowOf<Result>>(listFields(spec.returns));
  declared.push({
    texts: () => spec.samples.map((sample) => compileSql(spec.sql(sample))),
    returns: spec.returns,
  });
  return (runner, question) => {
    const { text, params: values } = compileSql(spec.sql(question));
    const name = (spec.isPlannedOnce?.(question) ?? true) ? recentPlanName(text) : undefined;
    return run(runner, { name, text, values }, readRows);
  };
}

function fill({ params }: Compiled, specs: Columns, values: Record<string, unknown>): unknown[] {
  return params.map((param) => {
    if (!isPlaceholder(param)) return param;
    const value = values[param.name];
    if (value === undefined) throw new Error(`the parameter ${param.name} is missing`);
    const encode = specs[param.name]?.encode as ((value: unknown) => unknown) | undefined;
    return encode ? encode(value) : value;
  });
}

function isPlaceholder(param: unknown): param is Placeholder {
  return typeof param === 'object' && param !== null && 'name' in param && 'getSQL' in param;
}

/** A field of the row in TypeScript: a column of the result, or an object of several. */
type Field = { key: string } & (
  | { name: string; decode: ((raw: unknown) => unknown) | undefined }
  | { fields: Field[]; isNullable: boolean }
);

function listFields(returns: Returns, prefix = ''): Field[] {
  return Object.entries(returns).map(([key, spec]) =>
    isGroup(spec)
      ? { key, fields: listFields(spec.columns, `${prefix}${spec.prefix}`), isNullable: spec.isNullable }
      : {
          key,
          name: `${prefix}${sqlNameOf(key, spec)}`,
          decode: spec.decode as ((raw: unknown) => unknown) | undefined,
        },
  );
}

async function run<Row>(
  runner: Runner,
  query: { name: string | undefined; text: string; values: unknown[] },
  readRows: RowsReader<Row>,
): Promise<Row[]> {
  const result = await runner.query<unknown[]>({ ...query, types: resultTypes, rowMode: 'array' });
  return readRows(result, query.text);
}

type RowsReader<Row> = (result: pg.QueryArrayResult<unknown[]>, text: string) => Row[];

/** Reads the rows of a statement. Its results have the same columns nearly always, so their reader is kept. */
function createRowsReader<Row>(fields: Field[]): RowsReader<Row> {
  let kept: { columns: string; read: Reader } | undefined;
  return (result, text) => {
    const names = result.fields.map(({ name }) => name);
    const columns = names.join('\n');
    if (kept?.columns !== columns) kept = { columns, read: makeReader(fields, placesOf(names, text)) };
    const { read } = kept;
    return result.rows.map((values) => read(values) as Row);
  };
}

function placesOf(names: string[], text: string): (name: string) => number {
  const places = new Map(names.map((name, index) => [name, index]));
  return (name) => {
    const place = places.get(name);
    if (place === undefined) throw new Error(`the statement gives no column ${name}: ${text}`);
    return place;
  };
}

type Reader = (values: unknown[]) => unknown;

/** Reads a row out of its values, which stand at the places that `placeOf` gives. */
function makeReader(fields: Field[], placeOf: (name: string) => number): Reader {
  return compileObject(
    fields.map((field) => {
      if ('fields' in field) return { key: field.key, read: makeGroupReader(field, placeOf) };
      const { key, decode } = field;
      return { key, from: placeOf(field.name), read: decode };
    }),
  );
}

function makeGroupReader(
  { fields, isNullable }: Extract<Field, { fields: Field[] }>,
  placeOf: (name: string) => number,
): Reader {
  const read = makeReader(fields, placeOf);
  const [first] = fields;
  if (!isNullable || !first || 'fields' in first) return read;
  const place = placeOf(first.name);
  return (values) => (values[place] === null ? null : read(values));
}

/** As many dynamic texts are remembered at most; the least recently used is forgotten first. */
const MAX_RECENT = 300;
const recent = new Map<string, string>();

/**
 * The name under which a connection keeps the plan of a dynamic text: none at its first use, so that a client with
 * many different questions does not fill the connections with plans. It is a hash: one name never means two texts.
 */
function recentPlanName(text: string): string | undefined {
  const name = recent.get(text);
  recent.delete(text);
  recent.set(text, name ?? planName(text));
  if (recent.size > MAX_RECENT) recent.delete(recent.keys().next().value as string);
  return name;
}

function planName(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
