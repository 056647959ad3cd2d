import type { Evidence } from './refund.ts';

/**
 * What would have changed a recommendation, for people: "no refund within 31 min 42 s; $6.00 (25 %) from 39 min 1 s".
 * Empty where nothing would.
 */
export function describeAlternatives({ alternatives = [] }: Pick<Evidence, 'alternatives'>): string {
  return alternatives
    .map(({ when, seconds, refund_class, refund_usd, refund_percent }) => {
      const amount = refund_class === 'none' ? 'no refund' : `$${refund_usd} (${refund_percent} %)`;
      return `${amount} ${when} ${Math.floor(seconds / 60)} min ${seconds % 60} s`;
    })
    .join('; ');
}
