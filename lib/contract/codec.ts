import { z } from 'zod';
import { compileObject } from '#lib/compile-object.ts';
import { type Cents, parseUsd, toDecimal } from '#lib/money.ts';

/** `order_ts` is `orderTs`. */
export type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name;

export function camelCase<Name extends string>(name: Name): CamelCase<Name> {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) as CamelCase<Name>;
}

type CamelKeys<Fields, Names> = {
  [Name in keyof Fields as Name extends keyof Names
    ? Names[Name] & string
    : CamelCase<Name & string>]: Fields[Name];
};

/** Of each schema that `camelKeys` made: the keys on the wire and those in the code. */
const keysOf = new WeakMap<z.core.$ZodType, (readonly [name: string, key: string])[]>();

/**
 * An object whose keys are in snake case on the wire (JSON, an address) and in camel case in the code: `parse` reads
 * what came over the wire, `encode` writes it.
 * @param names the keys in the code that are not just the camel case of those on the wire.
 */
export function camelKeys<
  Shape extends z.ZodRawShape,
  const Names extends { [Name in keyof Shape]?: string } = Record<never, never>,
>(wire: z.ZodObject<Shape>, names?: Names) {
  type Code = CamelKeys<z.output<z.ZodObject<Shape>>, Names>;
  const keys = Object.keys(wire.shape).map((name) => [name, names?.[name] ?? camelCase(name)] as const);
  const schema = z.codec(wire, z.custom<Code>(), {
    decode: (fields) => rename(fields, keys) as Code,
    encode: (code) =>
      rename(
        code as object,
        keys.map(([name, key]) => [key, name] as const),
      ) as never,
  });
  keysOf.set(schema, keys);
  return schema;
}

function rename(fields: object, names: readonly (readonly [from: string, to: string])[]): object {
  const values = fields as Record<string, unknown>;
  const renamed: Record<string, unknown> = {};
  for (const [from, to] of names) if (from in values) renamed[to] = values[from];
  return renamed;
}

/** Dollars as a JSON number; in the code, cents. */
export const dollars = z.codec(z.number(), z.custom<Cents>(), {
  decode: (usd, { issues }) => {
    const cents = parseUsd(String(usd));
    if (cents === undefined)
      issues.push({ code: 'custom', input: usd, message: 'is not a whole number of cents' });
    return cents ?? z.NEVER;
  },
  encode: (cents) => Number(toDecimal(cents)),
});

/** An id as a JSON integer; in the code, text. */
export const identity = z.codec(z.int().nonnegative(), z.string(), { decode: String, encode: Number });

/** A number that an address carries as text. */
export function numberText(inner: z.ZodNumber) {
  const text = z.string().regex(/^-?\d{1,15}(\.\d{1,15})?$/, 'is not a number');
  return z.codec(text, inner, { decode: Number, encode: String }).meta({
    type: inner.format === null ? 'number' : 'integer',
    pattern: undefined,
    minimum: inner.minValue ?? undefined,
    maximum: inner.maxValue ?? undefined,
  });
}

/** True or false, as an address carries it. */
export const flagText = z.codec(z.enum(['true', 'false']), z.boolean(), {
  decode: (text) => text === 'true',
  encode: (flag) => (flag ? 'true' : 'false'),
});

type Encoder = (value: unknown) => unknown;
const encoders = new WeakMap<z.core.$ZodType, Encoder>();

/**
 * Writes a value for the wire: what `z.encode` gives, without its checks. A page of the queue takes it 40 µs instead of
 * 680, which is more than the database takes.
 */
export function encode<Schema extends z.ZodType>(schema: Schema, value: z.output<Schema>): z.input<Schema> {
  return encoderOf(schema)(value) as z.input<Schema>;
}

function encoderOf(schema: z.core.$ZodType): Encoder {
  let encoder = encoders.get(schema);
  if (!encoder) {
    encoder = createEncoder(schema as z.core.$ZodTypes);
    encoders.set(schema, encoder);
  }
  return encoder;
}

const asIs: Encoder = (value) => value;

function createEncoder(schema: z.core.$ZodTypes): Encoder {
  const { def } = schema._zod;
  switch (def.type) {
    case 'pipe':
      return createCodecEncoder(schema, def);
    case 'object':
      return createObjectEncoder(
        Object.keys(def.shape).map((name) => [name, name]),
        def.shape,
      );
    case 'array': {
      const element = encoderOf(def.element);
      return element === asIs ? asIs : (value) => (value as unknown[]).map(element);
    }
    case 'optional':
    case 'nullable':
    case 'default': {
      const inner = encoderOf(def.innerType);
      return inner === asIs
        ? asIs
        : (value) => (value === null || value === undefined ? value : inner(value));
    }
    default:
      return asIs;
  }
}

function createCodecEncoder(schema: z.core.$ZodType, def: z.core.$ZodPipeDef): Encoder {
  const keys = keysOf.get(schema);
  if (keys) return createObjectEncoder(keys, (def.in as z.core.$ZodObject)._zod.def.shape);
  const { reverseTransform } = def as z.core.$ZodCodecDef;
  if (!reverseTransform) throw new TypeError('a schema that only reads cannot write');
  const inner = encoderOf(def.in);
  return (value) => inner(reverseTransform(value as never, { value, issues: [] }));
}

function createObjectEncoder(
  keys: readonly (readonly [name: string, key: string])[],
  shape: z.core.$ZodShape,
): Encoder {
  const fields = keys.map(([name, key]) => ({
    name,
    key,
    encoder: encoderOf(shape[name] as z.core.$ZodType),
  }));
  if (fields.every(({ name, key, encoder }) => name === key && encoder === asIs)) return asIs;
  return compileObject(
    fields.map(({ name, key, encoder }) => ({
      key: name,
      from: key,
      read: encoder === asIs ? undefined : encoder,
    })),
  );
}
