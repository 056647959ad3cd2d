import { createApiToken } from '#lib/auth/people/index.ts';
import { integer, stream } from '#lib/random.ts';
import { seedQueue } from '../../setup/seed-queue.ts';
import { startApi } from '../../setup/start-process.ts';
import type { Experiment, ExperimentContext, Outcome } from '../sandbox/experiment.ts';
import { type OwnServer, withOwnServer } from '../sandbox/own-server.ts';
import { type Sandbox, withSandbox } from '../sandbox/sandbox.ts';
import { checkAnswers, checkDerivedRows, readDecisions } from './check-decisions.ts';
import { killDuringWork } from './kill-postgres.ts';
import { type SentDecision, sendOnce, type Workload, type Writer, write } from './writer.ts';

const WRITERS = 20;
const ORDERS = { always: 4000, perKill: 500 };
/** One order in so many is given to two writers. */
const CONTENDED = 6;

/** Postgres is killed while twenty clients decide over HTTP; every answer is compared with the table. */
export const decisions: Experiment = {
  goal: 'Postgres killed amid decisions: every acknowledged one exists, every other one is absent or found by its key',
  times: 50,
  timesInTests: 4,
  run: (context) =>
    withOwnServer((server) =>
      withSandbox(server.sandboxes, (sandbox) => decideUnderKills(context, server, sandbox)),
    ),
};

async function decideUnderKills(
  context: ExperimentContext,
  server: OwnServer,
  sandbox: Sandbox,
): Promise<Outcome> {
  const orders = ORDERS.always + context.times * ORDERS.perKill;
  await seedQueue(sandbox.db, orders);
  const writers = await createWriters(context.seed, sandbox);
  const api = await startApi(sandbox.url, sandbox.volume);
  let isOver = false;
  const workload: Workload = {
    url: api.url,
    nextOrder: distributeOrders(orders),
    sent: [],
    isOver: () => isOver,
  };
  const writing = writers.map((writer) => write(writer, workload));
  try {
    const killing = await killRepeatedly(context, server, sandbox, workload.sent);
    isOver = true;
    await Promise.all(writing);
    const crashed = api.isAlive() ? [] : ['the console has crashed'];
    const checked = await checkWorkload(writers, workload, sandbox);
    return {
      figures: { ...killing.figures, ...checked.figures },
      problems: [...crashed, ...killing.problems, ...checked.problems],
    };
  } finally {
    isOver = true;
    await server.start();
    await Promise.allSettled(writing);
    await api.stop();
  }
}

function createWriters(seed: number, { db }: Sandbox): Promise<Writer[]> {
  const admin = { email: 'chaos', role: 'admin' } as const;
  const create = async (_: unknown, n: number) => {
    const name = `writer-${n}`;
    const token = await createApiToken(db, admin, { name, role: 'reviewer', days: 1 });
    return { name, token, random: stream(seed, name) };
  };
  return Promise.all(Array.from({ length: WRITERS }, create));
}

/** Gives every order once, and every sixth twice in a row, so that two writers compete for it. */
function distributeOrders(orders: number): () => string | undefined {
  let calls = 0;
  return () => {
    const n = calls - Math.floor(calls / CONTENDED) + 1;
    calls += 1;
    return n > orders ? undefined : `order-${String(n).padStart(8, '0')}`;
  };
}

async function killRepeatedly(
  { seed, times, signal, say }: ExperimentContext,
  server: OwnServer,
  { db }: Sandbox,
  sent: readonly SentDecision[],
): Promise<Outcome> {
  const random = stream(seed, 'decisions', integer(stream(seed), 0, 9));
  const seconds: number[] = [];
  const problems: string[] = [];
  for (let n = 0; n < times && !signal.aborted && problems.length === 0; n += 1) {
    const recovery = await killDuringWork(server, db, sent, random);
    if (recovery === undefined) problems.push(`kill ${n}: no decision was acknowledged in 30 s`);
    else seconds.push(recovery);
    if ((n + 1) % 10 === 0) say(`${n + 1} kills`);
  }
  const slowestSeconds = Math.round(Math.max(0, ...seconds) * 100) / 100;
  return { figures: { kills: seconds.length, slowestSeconds }, problems };
}

/** Asks once more about every decision with an unknown outcome, then compares all answers with the table. */
async function checkWorkload(
  writers: readonly Writer[],
  { url, sent }: Workload,
  { db }: Sandbox,
): Promise<Outcome> {
  const unresolved = sent.filter(({ answers }) => answers.at(-1)?.kind === 'unknown');
  const before = await readDecisions(db);
  const found = unresolved.filter(({ attempt }) => before.has(attempt.key)).length;
  for (const { attempt, answers } of unresolved) {
    const token = writers.find(({ name }) => name === attempt.writer)?.token ?? '';
    answers.push(await sendOnce(url, token, attempt));
  }
  const rows = await readDecisions(db);
  const ids = new Set([...rows.values()].map(({ id }) => id));
  const keys = new Set(sent.map(({ attempt }) => attempt.key));
  const notSent = [...rows.keys()].filter((key) => !keys.has(key));
  const interrupted = sent.filter(({ answers }) => answers.some(({ kind }) => kind === 'unknown'));
  return {
    figures: {
      decisions: rows.size,
      acknowledged: sent.filter(({ answers }) => answers[0]?.kind === 'applied').length,
      withoutAnswer: interrupted.length,
      ofTheseWritten: interrupted.filter(({ answers }) => isReplay(answers.at(-1))).length,
      leftUnresolved: unresolved.length,
      ofTheseFound: found,
    },
    problems: [
      ...sent.flatMap((each) => checkAnswers(each, rows.get(each.attempt.key), ids)),
      ...notSent.map((key) => `${key}: no writer has sent it`),
      ...(await checkDerivedRows(db)),
    ],
  };
}

function isReplay(answer: SentDecision['answers'][number] | undefined): boolean {
  return answer?.kind === 'applied' && answer.isReplay;
}
