import type pg from 'pg';
import { resultTypes } from '#db/result-types.ts';
import { DECISION, encodeItem, pageStatement } from './baseline-queue.ts';

const SUMMARY = `
  select status, refund_class, decided_class, location, sum(n)::integer as n, sum(suggested_usd) as suggested,
    sum(decided_usd) as decided
  from refunds.tallies group by grouping sets ((status, refund_class, decided_class), (location))`;

type Kind = Record<'refund_class' | 'decided_class', 'none' | 'partial' | 'full' | null> &
  Record<'suggested' | 'decided', string> &
  Record<'status' | 'location', string | null> & { n: number };

const STATUSES = ['queued', 'claimed', 'pending_approval', 'decided', 'reversed', 'snoozed', 'escalated'];

export async function summarize(pool: pg.Pool): Promise<unknown> {
  const { rows } = await pool.query<Kind>({ name: 'summary', text: SUMMARY });
  const statuses = Object.fromEntries(STATUSES.map((status) => [status, 0]));
  const suggestions = { none: 0, partial: 0, full: 0, null: 0 };
  const decisions = { ...suggestions };
  const sums = { all: 0, open: 0, usd: 0, openUsd: 0, decidedUsd: 0 };
  const locations: string[] = [];
  for (const { status, refund_class, decided_class, location, n, suggested, decided } of rows) {
    if (location !== null && n > 0) locations.push(location);
    if (status === null) continue;
    const open = status === 'decided' || status === 'reversed' ? 0 : 1;
    statuses[status] = (statuses[status] ?? 0) + n;
    suggestions[`${refund_class}` as const] += n;
    decisions[`${decided_class}` as const] += n;
    sums.all += n;
    sums.open += n * open;
    sums.usd += Number(suggested);
    sums.openUsd += Number(suggested) * open;
    sums.decidedUsd += Number(decided);
  }
  const { null: unanswered, ...suggested } = suggestions;
  const { null: _, ...decided } = decisions;
  return {
    recommendations_count: sums.all,
    total_recommendations: sums.all,
    pending_count: sums.open,
    pending_suggested_usd: sums.openUsd,
    suggested_total_usd: sums.usd,
    suggestions_by_class: suggested,
    without_answer: unanswered,
    decisions_count: sums.all - sums.open,
    decided_total_usd: sums.decidedUsd,
    decisions_by_class: decided,
    locations: locations.sort(),
    counts_by_status: statuses,
  };
}

export async function listQueue(pool: pg.Pool, query: URLSearchParams): Promise<unknown> {
  const { rows } = await pool.query({ ...pageStatement(query), types: resultTypes });
  const found = rows.filter((row) => row.order_id !== null);
  const shown = found.slice(0, 50);
  const last = found.length > 50 ? shown.at(-1) : undefined;
  const cursor = last && Buffer.from(JSON.stringify(['newest', last.sort_key, last.order_id]));
  return {
    items: shown.map(encodeItem),
    limit: 50,
    offset: 0,
    total: rows[0]?.total ?? 0,
    has_more: last !== undefined,
    next_cursor: cursor?.toString('base64url') ?? null,
  };
}

const EVENTS = `select events from recommender.pg_orders where order_id = $1`;

type Body = { items?: unknown; route_points?: [number, number][] } & Record<string, unknown>;

type StoredEvent = [
  ...[event_id: string, event_type: string, ts: string, sequence: number],
  ...[gk_id: string, location: string, location_id: number, body: Body],
];

export async function listEvents(pool: pg.Pool, orderId: string): Promise<unknown> {
  const { rows } = await pool.query<{ events: StoredEvent[] }>({
    name: 'events',
    text: EVENTS,
    values: [orderId],
  });
  const [{ events } = { events: [] }] = rows;
  return {
    order_id: orderId,
    events: events.map(([event_id, event_type, ts, sequence, gk_id, location, location_id, body]) => ({
      ...{ event_id, event_type, ts, gk_id, location, location_id, sequence, order_id: orderId },
      body: JSON.stringify(mask(body)),
    })),
  };
}

const round = (degrees: number) => Number(degrees.toFixed(2));

/** The API does not give the customer's address and rounds coordinates to two decimals. */
function mask(body: Body): Body {
  if (body.items) return { items: body.items };
  if (body.route_points)
    return { ...body, route_points: body.route_points.map(([lat, lon]) => [round(lat), round(lon)]) };
  for (const [key, value] of Object.entries(body))
    if (typeof value === 'number' && /l(at|on)$/.test(key)) body[key] = round(value);
  return body;
}

type Decision = { order_id: string; refund_class: string; amount_usd: number; reason: string };

export async function decide(pool: pg.Pool, input: Decision, key: string): Promise<unknown> {
  const { order_id, refund_class, amount_usd, reason } = input;
  const values = [order_id, amount_usd, refund_class, reason, key];
  const { rows } = await pool.query({ name: 'decide', text: DECISION, values, types: resultTypes });
  const { id, amount, ...row } = rows[0];
  return { ...row, id: Number(id), amount_usd: Number(amount) };
}
