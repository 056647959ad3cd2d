import type { Database } from '#db/client.ts';
import type { HistoryFilter } from '#lib/contract/decision.ts';
import { type Difference, differenceOf } from '#lib/contract/refund.ts';
import { toDecimal } from '#lib/money.ts';
import { listDecisionHistory, type PastDecision } from './list-decisions.ts';

const PAGE_SIZE = 1000;
const HEADER = [
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

/** By this a spreadsheet knows that a file is UTF-8; without it "Größe" becomes "GrÃ¶ÃŸe". */
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * All decisions that a filter admits as CSV, newest first, read a thousand rows at a time.
 * @param options.bom whether the text begins with a byte order mark, for a spreadsheet.
 */
export async function* exportDecisions(
  db: Pick<Database, 'pool'>,
  filter: HistoryFilter,
  { bom = false }: { bom?: boolean } = {},
): AsyncGenerator<string> {
  yield `${bom ? BYTE_ORDER_MARK : ''}${HEADER.join(',')}\r\n`;
  let after: string | undefined;
  do {
    const { decisions, nextAfter } = await listDecisionHistory(db, { ...filter, after, limit: PAGE_SIZE });
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
    differenceUsd(difference),
    decision.reasonCode,
    decision.reason,
    decision.decidedBy,
    decision.approvedBy,
    decision.supersedesId,
  ];
  return `${cells.map((cell) => csvCell(cell ?? '')).join(',')}\r\n`;
}

function differenceUsd(difference: Difference): string | null {
  if (difference.kind === 'overridden') return toDecimal(difference.cents);
  return difference.kind === 'accepted' ? '0.00' : null;
}

/**
 * A cell that a spreadsheet shows as text and never evaluates: what begins like a formula gets an apostrophe, except a
 * negative amount.
 */
export function csvCell(text: string): string {
  if (/^-\d+\.\d\d$/.test(text)) return text;
  const safe = /^\s*[=+\-@\t\r|%＝＋－＠]/u.test(text) ? `'${text}` : text;
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
