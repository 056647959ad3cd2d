import { type inferParserType, parseAsString, parseAsStringLiteral } from 'nuqs';
import { againstValues } from '#lib/contract/decision.ts';
import { refundClasses } from '#lib/contract/refund.ts';

export const kinds = ['decision', 'undo', 'reversal'] as const;

/** What the address asks of the history; days are "2026-11-24", in UTC, the last one included. */
export const logParsers = {
  search: parseAsString,
  against: parseAsStringLiteral(againstValues),
  kind: parseAsStringLiteral(kinds),
  refundClass: parseAsStringLiteral(refundClasses),
  decidedBy: parseAsString,
  orderId: parseAsString,
  from: parseAsString,
  to: parseAsString,
};
/** In the address a filter has the name that it has in the API. */
export const logUrlKeys = { refundClass: 'refund_class', decidedBy: 'decided_by', orderId: 'order_id' };
export type LogView = inferParserType<typeof logParsers>;

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The query of GET /api/decisions and of its export. */
export function logSearch(view: LogView): URLSearchParams {
  const given = {
    search: view.search,
    against: view.against,
    kind: view.kind,
    refund_class: view.refundClass,
    decided_by: view.decidedBy,
    order_id: view.orderId,
    from: view.from && DAY.test(view.from) ? `${view.from}T00:00:00Z` : null,
    until: view.to && DAY.test(view.to) ? dayAfter(view.to) : null,
  };
  const entries = Object.entries(given).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return new URLSearchParams(entries);
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString();
}
