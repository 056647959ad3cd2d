import type { Database } from '#db/client.ts';
import { differenceOf } from '#lib/contract/refund.ts';
import { toDecimal } from '#lib/money.ts';
import type { DecisionFilter } from './decision-filters.ts';
import { listDecisionHistory } from './list-decision-history.ts';
import type { PastDecision } from './types.ts';

const PAGE = 1000;
const HEAD = [
  'decision_id',
  'kind',
  'order_id',
  'decided_ts',
  'refund_class',
  'amount_usd',
  'suggested_class',
  'suggested_usd',
  'against_suggestion',
  'difference_usd',
  'reason_code',
  'reason',
  'decided_by',
  'approved_by',
  'supersedes_id',
];

/** The decisions that a filter admits as CSV, the newest first, a thousand rows at a time, however many there are. */
export async function* exportDecisions(
  db: Pick<Database, 'pool'>,
  filter: DecisionFilter,
): AsyncGenerator<string> {
  yield `${HEAD.join(',')}\r\n`;
  let after: string | undefined;
  do {
    const { decisions, nextAfter } = await listDecisionHistory(db, { ...filter, after, limit: PAGE });
    yield decisions.map(toLine).join('');
    after = nextAfter ?? undefined;
  } while (after !== undefined);
}

function toLine(decision: PastDecision): string {
  const { suggested } = decision;
  const difference = differenceOf(decision);
  const cells = [
    decision.id,
    decision.kind,
    decision.orderId,
    decision.decidedTs,
    decision.refundClass,
    toDecimal(decision.amountCents),
    suggested.refundClass,
    suggested.refundCents === null ? null : toDecimal(suggested.refundCents),
    difference.kind,
    difference.kind === 'departed'
      ? toDecimal(difference.cents)
      : difference.kind === 'agreed'
        ? '0.00'
        : null,
    decision.reasonCode,
    decision.reason,
    decision.decidedBy,
    decision.approvedBy,
    decision.supersedesId,
  ];
  return `${cells.map((cell) => csvCell(cell ?? '')).join(',')}\r\n`;
}

/**
 * A cell that a spreadsheet shows as text and never computes: what begins like a formula gets an apostrophe. An amount
 * below zero is no formula.
 */
export function csvCell(text: string): string {
  if (/^-\d+\.\d\d$/.test(text)) return text;
  const safe = /^\s*[=+\-@\t\r|%＝＋－＠]/u.test(text) ? `'${text}` : text;
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
