import { type inferParserType, parseAsString } from 'nuqs';
import type { z } from 'zod';
import { parsersOf, urlKeysOf } from '#app/_data/filter-parsers.ts';
import { encode } from '#lib/contract/codec.ts';
import { historyFilterSchema, historyFilters } from '#lib/contract/decision.ts';

/** What the address asks of the history; days are "2026-11-24", in UTC, the last one included. */
export const logParsers = { ...parsersOf(historyFilters), from: parseAsString, to: parseAsString };
export const logUrlKeys = urlKeysOf(historyFilters);
export type LogView = inferParserType<typeof logParsers>;

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The query of GET /api/decisions and of its export. */
export function logQuery({ from, to, ...view }: LogView): z.input<typeof historyFilterSchema> {
  const filters = Object.fromEntries(Object.entries(view).filter(([, value]) => value !== null));
  return encode(historyFilterSchema, {
    ...filters,
    from: from && DAY.test(from) ? `${from}T00:00:00Z` : undefined,
    until: to && DAY.test(to) ? dayAfter(to) : undefined,
  });
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString();
}
