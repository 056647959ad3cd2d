import { sql } from 'drizzle-orm/sql';
import { connect, type Database } from '#db/client.ts';
import { text, textArray } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { seedQueue } from '../../setup/seed-queue.ts';
import type { Experiment, ExperimentContext, Outcome } from '../sandbox/experiment.ts';
import { withSandbox } from '../sandbox/sandbox.ts';
import { checkHistory } from './check-history.ts';
import { LIMIT_CENTS, type Operation } from './model.ts';
import { leads, OPERATIONS_PER_ORDER, type Play, playOrder } from './play-order.ts';

const OPERATIONS = 1000;
/** The orders that are worked on at the same time, with five people on each. */
const CONCURRENT_ORDERS = 4;
/** After this time an undo may be refused for its age, which the model does not know. */
const MAX_SECONDS = 25;

/** People decide, undo, reverse, request, approve and reject at once; their answers are checked against a model. */
export const linearizable: Experiment = {
  goal: 'all answers about an order could have been given one after another (thousands of operations)',
  times: 20,
  timesInTests: 1,
  run: (context) =>
    withSandbox(context.server, async ({ db, url }) => {
      const max = CONCURRENT_ORDERS * 5;
      const clients = connect({ url, applicationName: 'caspers chaos people', max });
      try {
        return await playOrders(context, db, clients);
      } finally {
        await clients.close();
      }
    }),
};

async function playOrders(context: ExperimentContext, db: Database, clients: Database): Promise<Outcome> {
  const { seed, times, signal, say } = context;
  const orders = Math.ceil((times * OPERATIONS) / OPERATIONS_PER_ORDER);
  await prepareQueue(db, orders);
  const tally = { operations: 0, orders: 0, overlapping: 0, tooSlow: 0, kinds: new Map<string, number>() };
  const problems: string[] = [];
  let next = 1;
  const work = async () => {
    while (next <= orders && !signal.aborted && problems.length === 0) {
      const orderId = `order-${String(next++).padStart(8, '0')}`;
      const play = await playOrder(clients, orderId, seed);
      problems.push(...(await check(db, play)));
      count(tally, play);
      if (tally.orders % 1000 === 0) say(`${tally.operations} operations`);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_ORDERS }, work));
  const { kinds, ...figures } = tally;
  return { figures: { ...figures, ...Object.fromEntries(kinds) }, problems };
}

/** Fills the queue, sets the limit above which two people are needed, and creates the leads who approve. */
export async function prepareQueue(db: Database, orders: number): Promise<void> {
  await seedQueue(db, orders);
  await db.pool.query(
    `update recommender.pg_recommendations set recommendation_id = 1, facts = '{"lines": 1}'`,
  );
  await db.pool.query(
    `insert into refunds.settings (approval_limit_usd, changed_by, reason) values ($1, 'chaos', 'chaos')`,
    [LIMIT_CENTS / 100],
  );
  await db.pool.query(
    `insert into auth."user" (id, name, email, email_verified, role, created_at, updated_at)
     select email, email, email, true, 'lead', now(), now() from unnest($1::text[]) as email`,
    [leads.map(({ email }) => email)],
  );
}

const listDecisionIds = statement({
  params: { orderId: text },
  returns: { ids: textArray },
  sql: ({ orderId }) => sql`
    select coalesce(array_agg(id::text order by id), '{}') as ids
    from refunds.refund_decisions
    where order_id = ${orderId}`,
});

async function check({ pool }: Database, { orderId, history, seconds }: Play): Promise<string[]> {
  if (seconds > MAX_SECONDS) return [];
  const contradiction = checkHistory(history);
  const [row] = await listDecisionIds(pool, { orderId });
  const answered = new Set(history.flatMap(({ answer }) => idsWritten(answer)));
  const hasUnknown = history.some(({ answer }) => answer.kind === 'unknown');
  const unanswered = (row?.ids ?? []).filter((id) => !answered.delete(id));
  return [
    ...(contradiction ? [`${orderId}: ${contradiction}`] : []),
    ...(unanswered.length > 0 && !hasUnknown
      ? [`${orderId}: no answer named the decisions ${unanswered.join(', ')}`]
      : []),
    ...(answered.size > 0
      ? [`${orderId}: answers named ${[...answered].join(', ')}, which do not exist`]
      : []),
  ];
}

function idsWritten(answer: Operation['answer']): string[] {
  return answer.kind === 'decided' || answer.kind === 'revoked' ? [answer.id] : [];
}

type Tally = {
  operations: number;
  orders: number;
  /** Operations that were called before the previous one had returned. */
  overlapping: number;
  tooSlow: number;
  kinds: Map<string, number>;
};

function count(tally: Tally, { history, seconds }: Play): void {
  tally.operations += history.length;
  tally.orders += 1;
  tally.tooSlow += Number(seconds > MAX_SECONDS);
  const sorted = history.toSorted((a, b) => a.calledAt - b.calledAt);
  tally.overlapping += sorted.filter(({ calledAt }, n) => calledAt < (sorted[n - 1]?.returnedAt ?? 0)).length;
  for (const { answer } of history) {
    const name = answer.kind === 'refused' ? answer.code : answer.kind;
    tally.kinds.set(name, (tally.kinds.get(name) ?? 0) + 1);
  }
}
