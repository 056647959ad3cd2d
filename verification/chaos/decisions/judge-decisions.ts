import type { Database } from '#db/client.ts';
import { verifyAudit } from '#lib/auth/audit/verify-audit.ts';
import type { Answer } from './attempt.ts';
import type { Told } from './writer.ts';

/** A decision as it stands in the table. */
export type Row = { id: number; key: string; writer: string; order_id: string; cents: number };

export async function readRows({ pool }: Database): Promise<Map<string, Row>> {
  const { rows } = await pool.query<Row>(
    `select id::integer, idempotency_key as key, decided_by as writer, order_id, (amount_usd * 100)::integer as cents
    from refunds.refund_decisions`,
  );
  return new Map(rows.map((row) => [row.key, row]));
}

/** What was said to a writer and is not so: `row` is what its key has in the table. */
export function judgeTold({ attempt, answers }: Told, row: Row | undefined, ids: Set<number>): string[] {
  const { key } = attempt;
  const isItsOwn =
    row?.order_id === attempt.orderId &&
    row.cents === attempt.cents &&
    row.writer === `token:${attempt.writer}`;
  const found = row && !isItsOwn ? [`${key}: the row is of another decision`] : [];
  const isReplayed = answers.some((answer) => answer.kind === 'applied' && answer.isReplayed);
  const wasDenied = answers
    .slice(0, -1)
    .every((answer) => answer.kind === 'unknown' && answer.saysNothingWritten);
  if (isReplayed && wasDenied)
    found.push(`${key}: it was written where each answer before said that nothing was`);
  return [...found, ...answers.flatMap((answer) => judgeAnswer(key, answer, row, ids))];
}

function judgeAnswer(key: string, answer: Answer, row: Row | undefined, ids: Set<number>): string[] {
  switch (answer.kind) {
    case 'applied':
      return answer.id === row?.id ? [] : [`${key}: decision ${answer.id} was acknowledged and is not there`];
    case 'lost':
      return ids.has(answer.id) && !row ? [] : [`${key}: it has lost to ${answer.id}, which does not stand`];
    case 'wrong':
      return [`${key}: ${answer.why}`];
    case 'unknown':
      return [];
  }
}

const sums = `
-- one row: the decisions beside what follows from them in the same transactions
select
  (select count(*) from refunds.refund_decisions)::integer as decisions,
  (select count(distinct order_id) from refunds.refund_decisions)::integer as orders,
  (select count(*) from refunds.cases where status = 'decided' and decision_id is not null)::integer as cases,
  (select coalesce(sum(n), 0) from refunds.tallies where status = 'decided')::integer as tallied,
  (select coalesce(sum(decided_usd), 0) from refunds.tallies)
    = (select coalesce(sum(amount_usd), 0) from refunds.refund_decisions) as is_tallied,
  (select count(*) from auth.audit_log where action = 'decision')::integer as audited`;

/** What does not follow from the decisions as it must: cases, counters, audit. */
export async function judgeSums(db: Database): Promise<string[]> {
  const { rows } = await db.pool.query<Record<string, number | boolean>>(sums);
  const { decisions, is_tallied, ...counts } = rows[0] ?? {};
  const { broken } = await verifyAudit(db);
  return [
    ...Object.entries(counts)
      .filter(([, count]) => count !== decisions)
      .map(([name, count]) => `${decisions} decisions, but ${count} ${name}`),
    ...(is_tallied ? [] : ['the counters add up to another sum than the decisions']),
    ...(broken === 0 ? [] : [`${broken} rows of the audit are broken`]),
  ];
}
