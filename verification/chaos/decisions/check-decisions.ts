import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { boolean, integer, named, type RowOf, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { verifyAudit } from '#lib/auth/audit/verify-audit.ts';
import type { Answer } from './attempt.ts';
import type { SentDecision } from './writer.ts';

const columns = {
  id: integer,
  key: named('idempotency_key', text),
  writer: named('decided_by', text),
  orderId: text,
  cents: integer,
};
/** A decision in the table. */
export type DecisionRow = RowOf<typeof columns>;

const listDecisions = statement({
  returns: columns,
  sql: () => sql`
    select id::integer, idempotency_key, decided_by, order_id, (amount_usd * 100)::integer as cents
    from refunds.refund_decisions`,
});

/** Every decision in the table by its idempotency key. */
export async function readDecisions({ pool }: Database): Promise<Map<string, DecisionRow>> {
  return new Map((await listDecisions(pool, {})).map((row) => [row.key, row]));
}

/** The answers to one decision that its row, or the absence of a row, contradicts. */
export function checkAnswers(
  { attempt, answers }: SentDecision,
  row: DecisionRow | undefined,
  ids: Set<number>,
): string[] {
  const { key } = attempt;
  const isSame =
    row?.orderId === attempt.orderId &&
    row.cents === attempt.cents &&
    row.writer === `token:${attempt.writer}`;
  const problems = row && !isSame ? [`${key}: the row is of another decision`] : [];
  const isReplayed = answers.some((answer) => answer.kind === 'applied' && answer.isReplay);
  const wasDenied = answers
    .slice(0, -1)
    .every((answer) => answer.kind === 'unknown' && answer.saysNothingWritten);
  if (isReplayed && wasDenied)
    problems.push(`${key}: it had been written although every answer before said that nothing was`);
  return [...problems, ...answers.flatMap((answer) => checkAnswer(key, answer, row, ids))];
}

function checkAnswer(key: string, answer: Answer, row: DecisionRow | undefined, ids: Set<number>): string[] {
  switch (answer.kind) {
    case 'applied':
      return answer.id === row?.id
        ? []
        : [`${key}: decision ${answer.id} was acknowledged but does not exist`];
    case 'conflict':
      return ids.has(answer.id) && !row
        ? []
        : [
            `${key}: it was refused because of ${answer.id}, which does not exist, or was written all the same`,
          ];
    case 'invalid':
      return [`${key}: ${answer.why}`];
    case 'unknown':
      return [];
  }
}

const readDerived = statement({
  returns: {
    decisions: integer,
    orders: integer,
    cases: integer,
    tallied: integer,
    isSumTallied: boolean,
    audited: integer,
  },
  sql: () => sql`
    -- one row: the decisions beside the rows that are derived from them in the same transactions
    select
      (select count(*) from refunds.refund_decisions)::integer as decisions,
      (select count(distinct order_id) from refunds.refund_decisions)::integer as orders,
      (select count(*) from refunds.cases where status = 'decided' and decision_id is not null)::integer as cases,
      (select coalesce(sum(n), 0) from refunds.tallies where status = 'decided')::integer as tallied,
      (select coalesce(sum(decided_usd), 0) from refunds.tallies)
        = (select coalesce(sum(amount_usd), 0) from refunds.refund_decisions) as is_sum_tallied,
      (select count(*) from auth.audit_log where action = 'decision')::integer as audited`,
});

/** Cases, tallies and audit rows that do not match the decisions. */
export async function checkDerivedRows(db: Database): Promise<string[]> {
  const [row] = await readDerived(db.pool, {});
  if (!row) return ['the derived rows cannot be read'];
  const { decisions, isSumTallied, ...counts } = row;
  const { broken } = await verifyAudit(db);
  return [
    ...Object.entries(counts)
      .filter(([, count]) => count !== decisions)
      .map(([name, count]) => `${decisions} decisions, but ${count} ${name}`),
    ...(isSumTallied ? [] : ['the tallies add up to another sum than the decisions']),
    ...(broken === 0 ? [] : [`${broken} rows of the audit log are broken`]),
  ];
}
