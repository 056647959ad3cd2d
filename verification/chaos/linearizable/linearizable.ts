import { connect, type Database } from '#db/client.ts';
import { seedQueue } from '../../bench/console/seed-queue.ts';
import { withBench } from '../lab.ts';
import type { ChaosContext, ChaosOutcome, ChaosPart } from '../part.ts';
import { leads } from './choose.ts';
import { judgeHistory } from './judge-history.ts';
import { LIMIT_CENTS } from './model.ts';
import type { Operation } from './operation.ts';
import { PER_ORDER, type Play, playOrder } from './play-orders.ts';

const OPERATIONS = 1000;
/** Orders at once, five people on each. */
const AT_ONCE = 4;
/** After so long an undo may be refused for its age, which the model does not know. */
const TOO_SLOW_SECONDS = 25;

/** People decide, undo, reverse, ask, approve and reject at once; what each was told is held against the rules. */
export const linearizable: ChaosPart = {
  goal: 'what everybody was told of an order could have happened one after another (thousands of operations)',
  times: 20,
  short: 1,
  run: (context) =>
    withBench(context.lab, async ({ db, url }) => {
      const clients = connect({ url, applicationName: 'caspers chaos people', max: AT_ONCE * 5 });
      try {
        return await playAll(context, db, clients);
      } finally {
        await clients.close();
      }
    }),
};

async function playAll(context: ChaosContext, db: Database, clients: Database): Promise<ChaosOutcome> {
  const { seed, times, signal, say } = context;
  const orders = Math.ceil((times * OPERATIONS) / PER_ORDER);
  await prepare(db, orders);
  const tally = { operations: 0, orders: 0, overlapping: 0, tooSlow: 0, kinds: new Map<string, number>() };
  const problems: string[] = [];
  let next = 1;
  const work = async () => {
    while (next <= orders && !signal.aborted && problems.length === 0) {
      const orderId = `order-${String(next++).padStart(8, '0')}`;
      const play = await playOrder(clients, orderId, seed);
      problems.push(...(await judge(db, play)));
      count(tally, play);
      if (tally.orders % 1000 === 0) say(`${tally.operations} operations`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const { kinds, ...figures } = tally;
  return { figures: { ...figures, ...Object.fromEntries(kinds) }, problems };
}

/** Fills the queue, sets the limit above which two people are needed, and makes leads of who approves. */
export async function prepare(db: Database, orders: number): Promise<void> {
  await seedQueue(db, orders);
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

async function judge(db: Database, { orderId, history, seconds }: Play): Promise<string[]> {
  if (seconds > TOO_SLOW_SECONDS) return [];
  const wrong = judgeHistory(history);
  const { rows } = await db.pool.query<{ ids: string[] }>(
    `select coalesce(array_agg(id::text order by id), '{}') as ids from refunds.refund_decisions where order_id = $1`,
    [orderId],
  );
  const told = new Set(history.flatMap(({ answer }) => writtenBy(answer)));
  const hasUnknown = history.some(({ answer }) => answer.kind === 'unknown');
  const untold = (rows[0]?.ids ?? []).filter((id) => !told.delete(id));
  return [
    ...(wrong ? [`${orderId}: ${wrong}`] : []),
    ...(untold.length > 0 && !hasUnknown ? [`${orderId}: nobody was told of ${untold.join(', ')}`] : []),
    ...(told.size > 0 ? [`${orderId}: ${[...told].join(', ')} was told and is not there`] : []),
  ];
}

function writtenBy(answer: Operation['answer']): string[] {
  return answer.kind === 'decided' || answer.kind === 'taken_back' ? [answer.id] : [];
}

type Tally = {
  operations: number;
  orders: number;
  /** Operations that were called before the one before them had returned. */
  overlapping: number;
  tooSlow: number;
  kinds: Map<string, number>;
};

function count(tally: Tally, { history, seconds }: Play): void {
  tally.operations += history.length;
  tally.orders += 1;
  tally.tooSlow += Number(seconds > TOO_SLOW_SECONDS);
  const sorted = history.toSorted((a, b) => a.called - b.called);
  tally.overlapping += sorted.filter(({ called }, n) => called < (sorted[n - 1]?.returned ?? 0)).length;
  for (const { answer } of history) {
    const name = answer.kind === 'refused' ? answer.code : answer.kind;
    tally.kinds.set(name, (tally.kinds.get(name) ?? 0) + 1);
  }
}
