const COLUMNS = `
  r.order_id, r.location, r.order_ts, r.delivered_ts, r.delivery_minutes, r.order_total_usd, r.recommendation_id, r.ts,
  r.refund_class, r.refund_usd, r.reason, r.source, r.model, r.policy_version, r.prompt_version, r.evidence, r.facts,
  c.status, c.assignee, c.due_ts, c.facts_changed, d.id as decision_id, d.kind, d.decided_ts, d.refund_class as decided_class, d.amount_usd,
  d.reason as decided_reason, d.reason_code, d.decided_by, d.approved_by, d.supersedes_id`;

/** One page in the order of an index, and the total from the tallies. */
const page = (total: string, condition: string) => `
  select total.n::integer as total, c.delivered_ts::text as sort_key, ${COLUMNS}
  from (select coalesce(sum(n), 0) as n from refunds.tallies ${total}) as total
  left join lateral (
    select * from refunds.cases ${condition} order by delivered_ts desc, order_id desc limit 51
  ) as c on total.n > 0
  left join lateral (
    select * from recommender.pg_recommendations where order_id = c.order_id limit 1
  ) as r on true
  left join lateral (select * from refunds.refund_decisions where id = c.decision_id limit 1) as d on true`;

const ALL = page('', '');
const AFTER = page('', 'where (delivered_ts, order_id) < ($1, $2)');
const FILTERED = page(
  `where location = $1 and refund_class = 'partial' and status not in ('decided', 'reversed')`,
  `where is_open and location = $1 and refund_class = 'partial'`,
);

/** The statement for each of the three kinds of pages that are requested. */
export function pageStatement(query: URLSearchParams) {
  const location = query.get('location');
  if (location) return { name: 'filtered', text: FILTERED, values: [location] };
  const cursor = query.get('cursor');
  if (!cursor) return { name: 'all', text: ALL, values: [] };
  const [, key, orderId] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  return { name: 'after', text: AFTER, values: [key, orderId] };
}

type Row = Record<string, string | null>;
const usd = (numeric: string | null | undefined) => (numeric == null ? null : Number(numeric));

export function encodeItem(row: Row): unknown {
  return {
    order_id: row.order_id,
    ts: row.ts,
    order_ts: row.order_ts,
    delivered_ts: row.delivered_ts,
    location: row.location,
    delivery_minutes: row.delivery_minutes,
    order_total_usd: usd(row.order_total_usd),
    suggestion: {
      recommendation_id: Number(row.recommendation_id),
      refund_usd: usd(row.refund_usd),
      refund_class: row.refund_class,
      reason: row.reason,
      source: row.source,
      model: row.model,
      policy_version: row.policy_version,
      prompt_version: row.prompt_version,
      evidence: row.evidence,
      facts: row.facts,
    },
    decision: row.decision_id === null ? null : encodeDecision(row),
    status: row.status === 'decided' || row.status === 'reversed' ? 'applied' : 'pending',
    case_status: row.status,
    assignee: row.assignee,
    due_ts: row.due_ts,
    facts_changed: row.facts_changed,
  };
}

function encodeDecision(row: Row): unknown {
  return {
    id: Number(row.decision_id),
    kind: row.kind,
    order_id: row.order_id,
    decided_ts: row.decided_ts,
    amount_usd: usd(row.amount_usd),
    refund_class: row.decided_class,
    reason: row.decided_reason,
    reason_code: row.reason_code,
    decided_by: row.decided_by,
    approved_by: row.approved_by,
    supersedes_id: row.supersedes_id === null ? null : Number(row.supersedes_id),
  };
}

/** Copies the current suggestion and inserts the decision in one statement. */
export const DECISION = `
  insert into refunds.refund_decisions (order_id, amount_usd, refund_class, reason, decided_by, order_total_usd,
    recommendation_id, source_suggestion, idempotency_key, request_hash, reason_code)
  select r.order_id, $2, $3, $4, 'bench', r.order_total_usd, r.recommendation_id,
    jsonb_build_object('recommendation_id', r.recommendation_id, 'ts', r.ts, 'refund_class', r.refund_class,
      'refund_usd', r.refund_usd, 'reason', r.reason, 'source', r.source, 'model', r.model,
      'policy_version', r.policy_version, 'prompt_version', r.prompt_version, 'evidence', r.evidence),
    $5, '', case when r.refund_class = $3 then null else 'other' end
  from recommender.pg_recommendations as r where r.order_id = $1
  returning id, kind, order_id, decided_ts, amount_usd as amount, refund_class, reason, reason_code, decided_by,
    approved_by, supersedes_id`;
