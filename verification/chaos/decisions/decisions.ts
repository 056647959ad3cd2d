import { createApiToken } from '#lib/auth/people/index.ts';
import { integer, stream } from '#lib/random.ts';
import { seedQueue } from '../../bench/console/seed-queue.ts';
import { type Bench, withBench } from '../lab.ts';
import { type OwnServer, withOwnServer } from '../own-server.ts';
import type { ChaosContext, ChaosOutcome, ChaosPart } from '../part.ts';
import { killAmidWork } from './harm.ts';
import { judgeSums, judgeTold, readRows } from './judge-decisions.ts';
import { startApi } from './start-api.ts';
import { ask, type Told, type Work, type Writer, write } from './writer.ts';

const WRITERS = 20;
const ORDERS = { always: 4000, perKill: 500 };
/** Of so many orders one is given to two writers. */
const CONTENDED = 6;

/** Postgres killed while twenty programs decide over HTTP; what each was told is held against the table. */
export const decisions: ChaosPart = {
  goal: 'Postgres killed amid decisions: what was acknowledged stands, the rest is absent or found by its key',
  times: 50,
  short: 4,
  run: (context) =>
    withOwnServer((server) => withBench(server.lab, (bench) => harmDecisions(context, server, bench))),
};

async function harmDecisions(context: ChaosContext, server: OwnServer, bench: Bench): Promise<ChaosOutcome> {
  const orders = ORDERS.always + context.times * ORDERS.perKill;
  await seedQueue(bench.db, orders);
  const writers = await makeWriters(context.seed, bench);
  const api = await startApi(bench.url, bench.volume);
  let isOver = false;
  const work: Work = { url: api.url, nextOrder: giveOrders(orders), told: [], isOver: () => isOver };
  const writing = writers.map((writer) => write(writer, work));
  try {
    const killing = await killOften(context, server, bench, work.told);
    isOver = true;
    await Promise.all(writing);
    const dead = api.isAlive() ? [] : ['the console has died'];
    const judged = await judge(writers, work, bench);
    return {
      figures: { ...killing.figures, ...judged.figures },
      problems: [...dead, ...killing.problems, ...judged.problems],
    };
  } finally {
    isOver = true;
    await server.start();
    await Promise.allSettled(writing);
    await api.stop();
  }
}

function makeWriters(seed: number, { db }: Bench): Promise<Writer[]> {
  const admin = { email: 'chaos', role: 'admin' } as const;
  const make = async (_: unknown, n: number) => {
    const name = `writer-${n}`;
    const token = await createApiToken(db, admin, { name, role: 'reviewer', days: 1 });
    return { name, token, random: stream(seed, name) };
  };
  return Promise.all(Array.from({ length: WRITERS }, make));
}

/** Each order once, and every sixth twice in a row, so that two writers want it at once. */
function giveOrders(orders: number): () => string | undefined {
  let given = 0;
  return () => {
    const n = given - Math.floor(given / CONTENDED) + 1;
    given += 1;
    return n > orders ? undefined : `order-${String(n).padStart(8, '0')}`;
  };
}

async function killOften(
  { seed, times, signal, say }: ChaosContext,
  server: OwnServer,
  { db }: Bench,
  told: readonly Told[],
) {
  const random = stream(seed, 'decisions', integer(stream(seed), 0, 9));
  const seconds: number[] = [];
  const problems: string[] = [];
  for (let n = 0; n < times && !signal.aborted && problems.length === 0; n += 1) {
    const resumed = await killAmidWork(server, db, told, random);
    if (resumed === undefined) problems.push(`kill ${n}: no decision was acknowledged in 30 s`);
    else seconds.push(resumed);
    if ((n + 1) % 10 === 0) say(`${n + 1} kills`);
  }
  const slowestSeconds = Math.round(Math.max(0, ...seconds) * 100) / 100;
  return { figures: { kills: seconds.length, slowestSeconds }, problems };
}

async function judge(writers: readonly Writer[], { url, told }: Work, { db }: Bench) {
  const left = told.filter(({ answers }) => answers.at(-1)?.kind === 'unknown');
  const before = await readRows(db);
  const found = left.filter(({ attempt }) => before.has(attempt.key)).length;
  for (const { attempt, answers } of left) {
    const token = writers.find(({ name }) => name === attempt.writer)?.token ?? '';
    answers.push(await ask(url, token, attempt));
  }
  const rows = await readRows(db);
  const ids = new Set([...rows.values()].map(({ id }) => id));
  const sent = new Set(told.map(({ attempt }) => attempt.key));
  const unasked = [...rows.keys()].filter((key) => !sent.has(key));
  const unknown = told.filter(({ answers }) => answers.some(({ kind }) => kind === 'unknown'));
  return {
    figures: {
      decisions: rows.size,
      acknowledged: told.filter(({ answers }) => answers[0]?.kind === 'applied').length,
      withoutAnswer: unknown.length,
      ofTheseWritten: unknown.filter(({ answers }) => isReplay(answers.at(-1))).length,
      leftUnasked: left.length,
      ofTheseFound: found,
    },
    problems: [
      ...told.flatMap((each) => judgeTold(each, rows.get(each.attempt.key), ids)),
      ...unasked.map((key) => `${key}: nobody has asked for it`),
      ...(await judgeSums(db)),
    ],
  };
}

function isReplay(answer: Told['answers'][number] | undefined): boolean {
  return answer?.kind === 'applied' && answer.isReplayed;
}
