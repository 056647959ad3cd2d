import type { SQL } from 'drizzle-orm/sql';
import { sql } from 'drizzle-orm/sql';
import { type Cents, centsFromNumeric, toDecimal } from '#lib/money.ts';

/**
 * A column of a result, or a parameter: what Postgres calls its type, and what it is in TypeScript. `decode` turns
 * what the driver gives into that, `encode` the other way; without them they are the same.
 */
export type Column<Value = unknown> = {
  /** Type names as in pg_type; a statement that gives another type fails its test. */
  types: readonly string[];
  decode?: (raw: never) => Value;
  encode?: (value: never) => unknown;
  /** The name in SQL where it is not the key in snake case. */
  sqlName?: string;
  /** The value in TypeScript; exists for the compiler alone. */
  value?: Value;
};
export type Columns = Record<string, Column>;
/** Columns that arrive as one object of the row: see `group`. */
export type Group<Value = unknown> = {
  columns: Returns;
  prefix: string;
  isNullable: boolean;
  /** The value in TypeScript; exists for the compiler alone. */
  value?: Value;
};
/** What a statement gives: columns, and groups of columns. */
export type Returns = Record<string, Column | Group>;
/** The row that columns describe: `{ orderId: text }` is `{ orderId: string }`, read from `order_id`. */
export type RowOf<Shape extends Returns> = {
  [Key in keyof Shape]: Shape[Key] extends Column<infer Value> | Group<infer Value> ? Value : never;
};

const column = <Value>(types: readonly string[], decode?: (raw: never) => Value): Column<Value> =>
  decode ? { types, decode } : { types };

export const text = column<string>(['text', 'varchar', 'name']);
export const boolean = column<boolean>(['bool']);
/** A whole number that fits a JavaScript number: `integer` or `smallint`. */
export const integer = column<number>(['int4', 'int2']);
/** A `bigint` as decimal text, such as an identity. */
export const bigint = column<string>(['int8']);
/** A `bigint` that counts something and so fits a JavaScript number. */
export const count = column<number>(['int8'], (raw: string) => Number(raw));
export const double = column<number>(['float8', 'float4']);
/** A `numeric` as decimal text. */
export const numeric = column<string>(['numeric']);
/** A `numeric` of dollars as cents, both ways. */
export const usd: Column<Cents> = {
  types: ['numeric'],
  decode: (raw: string) => centsFromNumeric(raw),
  encode: (cents: Cents) => toDecimal(cents),
};
/** A `timestamptz` as ISO 8601 in UTC with milliseconds. */
export const instant = column<string>(['timestamptz']);
/** A `timestamptz` as a Date. */
export const timestamp = column<Date>(['timestamptz'], (raw: string) => new Date(raw));
/** A `date` as YYYY-MM-DD. */
export const date = column<string>(['date']);
export const textArray = column<string[]>(['_text']);
export const integerArray = column<number[]>(['_int4']);
export const bigintArray = column<string[]>(['_int8']);
/** A `bytea`, such as a hash. */
export const bytes = column<Buffer>(['bytea']);
/** A `jsonb` (or `json`) whose shape was checked when it was written. */
export const json = <Value>(): Column<Value> => column<Value>(['jsonb', 'json']);
/** A text of a closed list that a check constraint or the statement itself holds it to. */
export const oneOf = <const Value extends string>(_values: readonly Value[]): Column<Value> =>
  column<Value>(['text', 'varchar']);

export function nullable<Value>(inner: Column<Value>): Column<Value | null> {
  const { decode, encode } = inner;
  return {
    ...inner,
    ...(decode && { decode: (raw: never) => (raw === null ? null : decode(raw)) }),
    ...(encode && { encode: (value: never) => (value === null ? null : encode(value)) }),
  } as Column<Value | null>;
}

/** A column that SQL names differently: `amountCents: named('amount_usd', usd)`. */
export function named<Value>(sqlName: string, inner: Column<Value>): Column<Value> {
  return { ...inner, sqlName };
}

/** The name of a column in SQL: `orderId` → `order_id`, unless it has a name of its own. */
export function sqlNameOf(key: string, { sqlName }: Column): string {
  return sqlName ?? key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * The list of columns for a `select` or `returning`. With `prefix`, each is renamed, so that the columns of two tables
 * fit into one row: `selectList(decision, { from: 'd', prefix: 'decision_' })` is `d.id as decision_id, …`.
 */
export function selectList(columns: Columns, { from, prefix }: { from?: string; prefix?: string } = {}): SQL {
  const names = Object.entries(columns).map(([key, spec]) => sqlNameOf(key, spec));
  const items = names.map(
    (name) => `${from ? `${from}.` : ''}${name}${prefix ? ` as ${prefix}${name}` : ''}`,
  );
  return sql.raw(items.join(', '));
}

/**
 * Columns that arrive as one object of the row, such as those of a joined table. In SQL each has the prefix before its
 * name, as `selectList` with the same prefix writes it.
 */
export function group<Shape extends Returns>(columns: Shape, prefix = ''): Group<RowOf<Shape>> {
  return { columns, prefix, isNullable: false };
}

/** A group that is null where its first column is null, such as a row that an outer join did not find. */
export function nullableGroup<Shape extends Returns>(
  columns: Shape,
  prefix = '',
): Group<RowOf<Shape> | null> {
  return { columns, prefix, isNullable: true };
}

export const isGroup = (spec: Column | Group): spec is Group => 'columns' in spec;

/** All columns of a result by their names in SQL, those of groups included. */
export function listColumns(returns: Returns): { name: string; column: Column }[] {
  return Object.entries(returns).flatMap(([key, spec]) =>
    isGroup(spec)
      ? listColumns(spec.columns).map(({ name, column }) => ({ name: `${spec.prefix}${name}`, column }))
      : [{ name: sqlNameOf(key, spec), column: spec }],
  );
}

/** Turns rows into objects by their columns' names in SQL, without nulls, for `json_populate_recordset`. */
export function rowEncoder<Shape extends Columns>(columns: Shape): (row: RowOf<Shape>) => object {
  const specs = Object.entries(columns).map(([key, spec]) => ({
    key: key as keyof Shape,
    name: sqlNameOf(key, spec),
    encode: spec.encode as ((value: unknown) => unknown) | undefined,
  }));
  return (row) => {
    const encoded: Record<string, unknown> = {};
    for (const { key, name, encode } of specs) {
      const value = row[key];
      if (value !== null) encoded[name] = encode ? encode(value) : value;
    }
    return encoded;
  };
}
