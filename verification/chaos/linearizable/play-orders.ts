import type { Database } from '#db/client.ts';
import { type Source, stream } from '#lib/random.ts';
import { choose, type Heard, hear } from './choose.ts';
import type { Operation } from './operation.ts';
import { perform } from './perform.ts';

/** Operations on one order, by so many people at once. */
export const PER_ORDER = 24;
const PEOPLE = 5;

export type Play = { orderId: string; history: Operation[]; seconds: number };

/** Lets several people work on one order at once, and looks at it once more when they are done. */
export async function playOrder(db: Database, orderId: string, seed: number): Promise<Play> {
  const heard: Heard = { decisions: [], requests: [] };
  const history: Operation[] = [];
  const begun = performance.now();
  let left = PER_ORDER - 1;
  const work = async (random: Source) => {
    while (left > 0) {
      left -= 1;
      await operate(random);
    }
  };
  const operate = async (random: Source) => {
    const ask = choose(random, heard);
    const called = performance.now() - begun;
    const answer = await perform(db, orderId, ask);
    const returned = answer.kind === 'unknown' ? Number.POSITIVE_INFINITY : performance.now() - begun;
    hear(heard, ask, answer);
    history.push({ ask, answer, called, returned });
  };
  await Promise.all(Array.from({ length: PEOPLE }, (_, n) => work(stream(seed, orderId, n))));
  const called = performance.now() - begun;
  const answer = await perform(db, orderId, { kind: 'read' });
  history.push({ ask: { kind: 'read' }, answer, called, returned: performance.now() - begun });
  return { orderId, history, seconds: (performance.now() - begun) / 1000 };
}
