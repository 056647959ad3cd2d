import { randomUUID } from 'node:crypto';
import { connect } from '#db/client.ts';
import { createAccount, generatePassword } from '#lib/auth/people/index.ts';
import { expect, test } from './console.ts';
import type { System } from './setup/open-system.ts';
import { signIn } from './setup/sign-in.ts';

const PEOPLE = 20;
const REQUESTS = 1000;
const ORDERS = 100;

type Answer = { status: number; body: Record<string, unknown> };
type DecisionRequest = { order_id: string; recommendation_id: number };

let cookies: string[];
test.beforeAll(async ({ system }) => {
  cookies = await signInPeople(system);
});

test('of 1,000 concurrent decisions by 20 people on one order, one succeeds, and the others get it as the conflict', async ({
  system,
  sql,
}) => {
  const [request] = await listPending(system);
  const answers = await Promise.all(
    Array.from({ length: REQUESTS }, (_, n) =>
      decide(system, cookies[n % PEOPLE], request, `race-${n}-${request.order_id}`),
    ),
  );
  const won = answers.filter(({ status }) => status === 201);
  const lost = answers.filter(({ status }) => status === 409);
  expect([won.length, lost.length]).toEqual([1, REQUESTS - 1]);
  const [winner] = won;
  for (const { body } of lost)
    expect(body).toMatchObject({ error: 'already_decided', current: winner?.body });
  const stored = await sql(
    'select id::integer, decided_by from refunds.refund_decisions where order_id = $1',
    [request.order_id],
  );
  expect(stored).toEqual([{ id: winner?.body.id, decided_by: winner?.body.decided_by }]);
});

test('of 1,000 concurrent decisions by 20 people on 100 orders, one succeeds per order', async ({
  system,
  sql,
}) => {
  const requestes = (await listPending(system, 200)).slice(0, ORDERS);
  expect(requestes).toHaveLength(ORDERS);
  const answers = await Promise.all(
    Array.from({ length: REQUESTS }, (_, n) => {
      const request = requestes[n % ORDERS] as DecisionRequest;
      // Ten people per order, never the same ten on the next order.
      return decide(
        system,
        cookies[(n + Math.floor(n / ORDERS)) % PEOPLE],
        request,
        `many-${n}-${request.order_id}`,
      );
    }),
  );
  const won = answers.filter(({ status }) => status === 201).map(({ body }) => body.order_id);
  expect(won.toSorted()).toEqual(requestes.map(({ order_id }) => order_id).toSorted());
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(REQUESTS - ORDERS);
  const stored = await sql<{ n: number; orders: number }>(
    `select count(*)::integer as n, count(distinct order_id)::integer as orders
     from refunds.refund_decisions where order_id = any($1)`,
    [requestes.map(({ order_id }) => order_id)],
  );
  expect(stored).toEqual([{ n: ORDERS, orders: ORDERS }]);
});

test('100 concurrent requests with one key give one decision and one answer', async ({ system, sql }) => {
  const [request] = await listPending(system);
  const key = `same-${request.order_id}`;
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => decide(system, cookies[0], request, key)),
  );
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(99).fill(200), 201]);
  const stored = await sql('select from refunds.refund_decisions where order_id = $1', [request.order_id]);
  expect(stored).toHaveLength(1);
});

async function signInPeople(system: System): Promise<string[]> {
  const password = generatePassword();
  const race = randomUUID().slice(0, 8);
  const emails = Array.from({ length: PEOPLE }, (_, n) => `racer-${race}-${n}@caspers.local`);
  const db = connect({ url: system.databaseUrl, applicationName: 'caspers e2e', max: 2 });
  for (const email of emails)
    await createAccount(db.pool, { email, name: email, role: 'reviewer', password }, new Date());
  await db.close();
  return Promise.all(emails.map((email) => signIn(system.url, { email, password })));
}

/** Repeats the request while the console is busy; the idempotency key makes that safe. */
async function decide(system: System, cookie = '', request: DecisionRequest, key: string): Promise<Answer> {
  const body = { ...request, refund_class: 'none', amount_usd: 0, reason: 'It came in time.' };
  const ask = () => post(system, '/api/refunds', { cookie, 'idempotency-key': key }, body);
  let response = await ask();
  while (response.status === 503) response = await ask();
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

async function listPending(system: System, limit = 50): Promise<[DecisionRequest, ...DecisionRequest[]]> {
  const headers = { cookie: cookies[0] ?? '' };
  const response = await fetch(
    `${system.url}/api/recommendations?status=queued&include_zero=true&limit=${limit}`,
    {
      headers,
    },
  );
  const { items } = (await response.json()) as {
    items: { order_id: string; suggestion: { recommendation_id: number } }[];
  };
  const [first, ...rest] = items.map(({ order_id, suggestion: { recommendation_id } }) => ({
    order_id,
    recommendation_id,
  }));
  if (!first) throw new Error('no pending order');
  return [first, ...rest];
}

function post(
  system: System,
  path: string,
  headers: Record<string, string>,
  body: unknown,
): Promise<Response> {
  return fetch(`${system.url}${path}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', origin: system.url },
    body: JSON.stringify(body),
  });
}
