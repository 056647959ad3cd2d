import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { loadEnv } from '#lib/env.ts';

/** The least that can answer: node:http, pg, and for each question one statement that fits it. Nobody signs in. */
const pool = new pg.Pool({ connectionString: loadEnv().DATABASE_URL, max: 10 });

const LIST = `
  select r.*, c.status from refunds.cases as c join recommender.pg_recommendations as r using (order_id)`;
const filtered = (place: string) =>
  `${LIST} where c.is_open and c.location = '${place}' and c.refund_class = 'partial'
    order by c.delivered_ts desc, c.order_id desc limit 50`;
const statements: Record<string, string> = {
  summary: `select status, refund_class, sum(n)::integer as n, sum(suggested_usd) as usd from refunds.tallies group by 1, 2`,
  list: `${LIST} order by c.delivered_ts desc, c.order_id desc limit 50`,
  deep: `${LIST} where (c.delivered_ts, c.order_id) < ($1, 'z') order by c.delivered_ts desc, c.order_id desc limit 50`,
  filtered: filtered('place-4'),
  empty: filtered('place-1'),
  timeline: `select event_id, event_type, ts, sequence, body from lakeflow.all_events where order_id = $1 order by ts, sequence`,
};

const INSERT = `
  insert into refunds.refund_decisions (order_id, amount_usd, refund_class, reason, decided_by, order_total_usd,
    recommendation_id, source_suggestion, idempotency_key, request_hash, reason_code)
  values ($1, 0, 'none', 'bench', 'bench', 30, 1, '{}', $1, '', 'other') returning id`;

async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, name = '', given] = (incoming.url ?? '').split('/').map(decodeURIComponent);
  const statement = incoming.method === 'POST' ? INSERT : (statements[name] ?? '');
  const body =
    incoming.method === 'POST' ? (JSON.parse(await text(incoming)) as { order_id: string }) : undefined;
  const values = body ? [body.order_id] : given ? [given] : [];
  const { rows } = await pool.query({ name, text: statement, values });
  response.setHeader('content-type', 'application/json').end(JSON.stringify(rows));
}

const server = createServer((incoming, response) => {
  answer(incoming, response).catch((error: Error) => response.writeHead(500).end(error.message));
});
server.listen(0, '127.0.0.1', () => process.send?.({ ready: server.address() }));
process.on('disconnect', () => process.exit());
