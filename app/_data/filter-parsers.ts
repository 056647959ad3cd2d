import { createParser, type SingleParserBuilder } from 'nuqs';
import { z } from 'zod';
import { type CamelCase, camelCase } from '#lib/contract/codec.ts';

type Filters = Record<string, z.ZodType<unknown, string>>;
type Parsers<Known extends Filters> = {
  [Name in keyof Known as CamelCase<Name & string>]: SingleParserBuilder<NonNullable<z.output<Known[Name]>>>;
};

/** Filters of the API as parts of the address, by their names in the code; what the API would refuse is no filter. */
export function parsersOf<Known extends Filters>(filters: Known): Parsers<Known> {
  return mapFilters<unknown>(filters, (_, filter) =>
    createParser<NonNullable<unknown>>({
      parse: (text) => filter.safeParse(text).data ?? null,
      serialize: (value) => z.encode(filter, value),
    }),
  ) as Parsers<Known>;
}

/** In the address a filter has the name that it has in the API. */
export function urlKeysOf(filters: Filters): Record<string, string> {
  return mapFilters(filters, (name) => name);
}

function mapFilters<Value>(filters: Filters, map: (name: string, filter: Filters[string]) => Value) {
  return Object.fromEntries(
    Object.entries(filters).map(([name, filter]) => [camelCase(name), map(name, filter)] as const),
  );
}
