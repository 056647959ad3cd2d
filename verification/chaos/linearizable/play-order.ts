import { setImmediate } from 'node:timers/promises';
import type { Database } from '#db/client.ts';
import type { Actor } from '#lib/contract/person.ts';
import { integer, pick, type Source, stream } from '#lib/random.ts';
import { type Answer, initialState, LIMIT_CENTS, type Operation, type Request } from './model.ts';
import { perform } from './perform.ts';

/** The operations on one order: by PEOPLE people at once, and a newer recommendation meanwhile. */
export const OPERATIONS_PER_ORDER = 24;
const PEOPLE = 5;

const reviewers = ['ana', 'ben', 'cyd'].map((name): Actor => person(name, 'reviewer'));
export const leads = ['lea', 'liz'].map((name): Actor => person(name, 'lead'));

function person(name: string, role: 'reviewer' | 'lead'): Actor {
  return { email: `${name}@chaos.example`, role };
}

export type Play = { orderId: string; history: Operation[]; seconds: number };

/** Several people work on one order at once; when they have finished it is read once more. */
export async function playOrder(db: Database, orderId: string, seed: number): Promise<Play> {
  const known: Known = { decisions: [], requests: [], recommendation: initialState.recommendation };
  const history: Operation[] = [];
  const startedAt = performance.now();
  const now = () => performance.now() - startedAt;
  let left = OPERATIONS_PER_ORDER - 2;
  const operate = async (request: Request) => {
    const calledAt = now();
    const answer = await perform(db, orderId, request);
    const returnedAt = answer.kind === 'unknown' ? Number.POSITIVE_INFINITY : now();
    learn(known, request, answer);
    history.push({ request, answer, calledAt, returnedAt });
  };
  const work = async (random: Source) => {
    while (left > 0) {
      left -= 1;
      await operate(chooseRequest(random, known));
    }
  };
  const supersede = async (random: Source) => {
    // Among the operations of the people, at a place that the seed chooses.
    const turn = integer(random, 1, left - 1);
    while (left > turn) await setImmediate();
    await operate({ kind: 'supersede', recommendation: '2', facts: integer(random, 1, 2) });
  };
  const people = Array.from({ length: PEOPLE }, (_, n) => work(stream(seed, orderId, n)));
  await Promise.all([...people, supersede(stream(seed, orderId, PEOPLE))]);
  await operate({ kind: 'read' });
  return { orderId, history, seconds: now() / 1000 };
}

/** What people have seen of an order so far, the newest last; it may be out of date. */
type Known = {
  decisions: { id: string; who: Actor }[];
  requests: { id: string; who: Actor }[];
  recommendation: string;
};

/** The next request: mostly one that makes sense with what is known, sometimes one that does not. */
function chooseRequest(random: Source, known: Known): Request {
  const who = pick(random, [...reviewers, ...leads]);
  const lead = pick(random, leads);
  const decision = latest(random, known.decisions);
  const request = latest(random, known.requests);
  const dice = random();
  if (dice < 0.12) return { kind: 'read' };
  if (dice < 0.3 && decision) {
    const undoer = random() < 0.8 ? decision.who : who;
    return { kind: 'undo', who: undoer, target: decision.id };
  }
  if (dice < 0.42 && decision) return { kind: 'reverse', who: lead, target: decision.id };
  if (dice < 0.58 && request) return { kind: 'approve', who: lead, target: request.id };
  if (dice < 0.68 && request) return { kind: 'reject', who: lead, target: request.id };
  if (dice < 0.72 && request) return { kind: 'withdraw', who: request.who, target: request.id };
  const isLarge = random() < 0.4;
  const cents = isLarge ? integer(random, LIMIT_CENTS + 1, 2900) : integer(random, 100, LIMIT_CENTS);
  return { kind: 'decide', who: random() < 0.4 ? lead : who, cents, recommendation: known.recommendation };
}

/** The newest, or sometimes an older one, as on a screen that was left open. */
function latest<Row>(random: Source, rows: readonly Row[]): Row | undefined {
  return random() < 0.85 ? rows.at(-1) : rows[integer(random, 0, Math.max(0, rows.length - 1))];
}

function learn(known: Known, request: Request, answer: Answer): void {
  if (answer.kind === 'read') known.recommendation = answer.recommendation;
  if (request.kind === 'supersede') known.recommendation = request.recommendation;
  if (!('who' in request)) return;
  if (answer.kind === 'decided') known.decisions.push({ id: answer.id, who: request.who });
  if (answer.kind === 'requested') known.requests.push({ id: answer.id, who: request.who });
}
