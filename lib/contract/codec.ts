import { z } from 'zod';

/** `order_ts` is `orderTs`. */
export type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name;

export function camelCase<Name extends string>(name: Name): CamelCase<Name> {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) as CamelCase<Name>;
}

type CamelKeys<Fields> = { [Key in keyof Fields as CamelCase<Key & string>]: Fields[Key] };

/**
 * An object whose keys are in snake case on the wire (JSON, an address) and in camel case in the code: `parse` reads
 * what came over the wire, `z.encode` writes it.
 */
export function camelKeys<Shape extends z.ZodRawShape>(wire: z.ZodObject<Shape>) {
  const names = Object.keys(wire.shape).map((name) => [name, camelCase(name)] as const);
  type Code = CamelKeys<z.output<z.ZodObject<Shape>>>;
  return z.codec(wire, z.custom<Code>(), {
    decode: (fields) => renameKeys(fields, names) as Code,
    encode: (fields) =>
      renameKeys(
        fields,
        names.map(([name, key]) => [key, name] as const),
      ) as never,
  });
}

function renameKeys(fields: object, names: readonly (readonly [from: string, to: string])[]): object {
  const values = fields as Record<string, unknown>;
  return Object.fromEntries(names.flatMap(([from, to]) => (from in values ? [[to, values[from]]] : [])));
}

/** A number that an address carries as text. */
export const numberText = (inner: z.ZodNumber) =>
  z.codec(z.string().regex(/^-?\d{1,15}(\.\d{1,15})?$/, 'is not a number'), inner, {
    decode: Number,
    encode: String,
  });

/** True or false, as an address carries it. */
export const flagText = z.codec(z.enum(['true', 'false']), z.boolean(), {
  decode: (text) => text === 'true',
  encode: (flag) => (flag ? 'true' : 'false'),
});

/** Writes what `schema` reads as the query of an address; what is undefined is left out. */
export function encodeSearch<Schema extends z.ZodType<unknown, Record<string, string | undefined>>>(
  schema: Schema,
  query: z.output<Schema>,
): URLSearchParams {
  const entries = Object.entries(z.encode(schema, query));
  return new URLSearchParams(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
