import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '#lib/errors.ts';
import { integer, type Source } from '#lib/random.ts';
import { type Answer, type Attempt, send } from './attempt.ts';

/** A decision and what was said to it, the last answer last. */
export type Told = { attempt: Attempt; answers: Answer[] };

export type Writer = { name: string; token: string; random: Source };

/** What the writers share: where they write, what is left to decide, and what they were told. */
export type Work = {
  url: string;
  nextOrder(): string | undefined;
  told: Told[];
  /** Ends the work: no new decision is begun. */
  isOver(): boolean;
};

/** Less than the ten writes a second that the API admits of one program. */
const REST_MS = { from: 90, to: 160 };
const PATIENCE_MS = 60_000;

/**
 * Decides one order after another. Where it learns nothing it either asks again with the same key until it does,
 * or leaves it there, as a person does who closes the page.
 */
export async function write(writer: Writer, work: Work): Promise<void> {
  for (let n = 0; !work.isOver(); n += 1) {
    const orderId = work.nextOrder();
    if (orderId === undefined) return;
    const cents = integer(writer.random, 100, 2900);
    const told: Told = {
      attempt: { key: `${writer.name}-${n}`, writer: writer.name, orderId, cents },
      answers: [],
    };
    work.told.push(told);
    await decide(writer, work.url, told);
    await wait(integer(writer.random, REST_MS.from, REST_MS.to));
  }
}

async function decide({ token, random }: Writer, url: string, { attempt, answers }: Told): Promise<void> {
  const patience = Date.now() + PATIENCE_MS;
  do {
    const answer = await ask(url, token, attempt);
    answers.push(answer);
    if (answer.kind !== 'unknown' || random() < 0.25) return;
    await wait(integer(random, 50, 400));
  } while (Date.now() < patience);
  answers.push({ kind: 'wrong', why: 'no answer for a minute' });
}

/** Asks once more, when all is calm: it must be known now. */
export async function ask(url: string, token: string, attempt: Attempt): Promise<Answer> {
  try {
    return await send(url, token, attempt);
  } catch (error) {
    return { kind: 'wrong', why: `no answer: ${messageOf(error)}` };
  }
}
