import type { RecommendedFacts } from '#db/recommendation-columns.ts';
import type { Evidence } from '#lib/contract/refund.ts';
import { toDecimal } from '#lib/money.ts';
import { isoFromMicros } from './micros.ts';
import type { DeliveredOrder } from './order-facts.ts';

const MINUTE_MICROS = 60_000_000;

/** The facts that a recommendation is based on, in the form in which it stores them. */
export function recommendedFacts(
  { createdAt, deliveredAt, totalCents, lineCount }: DeliveredOrder,
  { outcome, promised_minutes: promised }: Pick<Evidence, 'outcome' | 'promised_minutes'>,
): RecommendedFacts {
  return {
    created_at: isoFromMicros(createdAt),
    delivered_at: outcome === undefined ? isoFromMicros(deliveredAt) : null,
    promised_at: promised == null ? null : isoFromMicros(createdAt + promised * MINUTE_MICROS),
    total: toDecimal(totalCents),
    lines: lineCount,
  };
}

/** Whether two readings of an order give the same facts. */
export function isSameOrder(a: DeliveredOrder, b: DeliveredOrder): boolean {
  return (
    a.createdAt === b.createdAt &&
    a.deliveredAt === b.deliveredAt &&
    a.totalCents === b.totalCents &&
    a.lineCount === b.lineCount &&
    a.location === b.location &&
    a.preparationMinutes === b.preparationMinutes
  );
}
