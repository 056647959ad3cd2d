import { z } from 'zod';
import { refundClasses } from './refund.ts';

const printable = z
  .string()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}*$/u, 'holds characters that cannot be searched for');
/** Whether a decision is what was suggested. */
export const againstValues = ['agreed', 'departed'] as const;

const instant = z.iso.datetime({ offset: true, error: 'must be a time as in 2026-11-01T00:00:00Z' });

const filter = z.object({
  search: printable.optional(),
  against: z.enum(againstValues).optional(),
  kind: z.enum(['decision', 'undo', 'reversal']).optional(),
  refund_class: z.enum(refundClasses).optional(),
  decided_by: printable.optional(),
  order_id: printable.optional(),
  from: instant.optional(),
  until: instant.optional(),
});

const toFilter = (query: z.output<typeof filter>) => ({
  search: query.search,
  against: query.against,
  kind: query.kind,
  refundClass: query.refund_class,
  decidedBy: query.decided_by,
  orderId: query.order_id,
  from: query.from,
  until: query.until,
});

/** The query of GET /api/decisions/export. */
export const exportQuerySchema = filter.transform(toFilter);

/** The query of GET /api/decisions; `after` is `next_after` of the page before. */
export const historyQuerySchema = filter
  .extend({
    after: z
      .string()
      .regex(/^\d{1,18}$/)
      .optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  })
  .transform(({ after, limit, ...query }) => ({ ...toFilter(query), after, limit }));
