import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '#lib/errors.ts';
import { integer, type Source } from '#lib/random.ts';
import { type Answer, type Attempt, send } from './attempt.ts';

/** A decision with every answer to it, the last answer last. */
export type SentDecision = { attempt: Attempt; answers: Answer[] };

export type Writer = { name: string; token: string; random: Source };

/** What the writers share: the API, the orders that are left, and what they have sent. */
export type Workload = {
  url: string;
  nextOrder(): string | undefined;
  sent: SentDecision[];
  /** true: no new decision is begun. */
  isOver(): boolean;
};

/** Fewer than the ten writes a second that the API allows one client. */
const PAUSE_MS = { from: 90, to: 160 };
const MAX_RETRY_MS = 60_000;

/**
 * Decides one order after another. After an unknown outcome it either retries with the same key until it knows, or
 * gives up, as a person does who closes the page.
 */
export async function write(writer: Writer, workload: Workload): Promise<void> {
  for (let n = 0; !workload.isOver(); n += 1) {
    const orderId = workload.nextOrder();
    if (orderId === undefined) return;
    const cents = integer(writer.random, 100, 2900);
    const attempt = { key: `${writer.name}-${n}`, writer: writer.name, orderId, cents };
    const sent: SentDecision = { attempt, answers: [] };
    workload.sent.push(sent);
    await decide(writer, workload.url, sent);
    await wait(integer(writer.random, PAUSE_MS.from, PAUSE_MS.to));
  }
}

async function decide(
  { token, random }: Writer,
  url: string,
  { attempt, answers }: SentDecision,
): Promise<void> {
  const giveUpAt = performance.now() + MAX_RETRY_MS;
  do {
    const answer = await sendOnce(url, token, attempt);
    answers.push(answer);
    if (answer.kind !== 'unknown' || random() < 0.25) return;
    await wait(integer(random, 50, 400));
  } while (performance.now() < giveUpAt);
  answers.push({ kind: 'invalid', why: 'no answer for a minute' });
}

/** Sends a decision once; a connection that fails is an invalid answer, since the console itself is not killed. */
export async function sendOnce(url: string, token: string, attempt: Attempt): Promise<Answer> {
  try {
    return await send(url, token, attempt);
  } catch (error) {
    return { kind: 'invalid', why: `no answer: ${messageOf(error)}` };
  }
}
