import { createHash } from 'node:crypto';
import type { Clock } from '#lib/clock.ts';
import { failpoint } from '#lib/failpoint.ts';
import type { Source } from '#lib/random.ts';
import { type Abilities, type AbilityStore, giveUp, listGuesses } from './abilities.ts';
import type { Breaker } from './breaker.ts';
import type { CallJournal, CallKey } from './call-journal.ts';
import type { ChatFailure, ChatFailureCode } from './chat-failure.ts';
import type { ChatReply } from './chat-reply.ts';
import type { ChatOutcome, ChatRequest, ChatServer } from './chat-server.ts';

/** What calls go through. `abilities` is learned and shared by all conversations with the server. */
export type CallPorts = {
  server: ChatServer;
  abilities: AbilityStore;
  breaker: Breaker;
  journal: CallJournal;
  clock: Clock;
  random: Source;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};

/** `requests` counts what was sent. With `breaker_open` nothing was sent last. */
export type CallResult = { requests: number } & (
  | { ok: true; reply: ChatReply }
  | {
      ok: false;
      code: ChatFailureCode | 'breaker_open' | 'rejects_all';
      message: string;
      retryAt: Date | null;
    }
);

/** Builds the request for what a server is able to. */
export type WriteRequest = (abilities: Abilities) => Promise<ChatRequest>;

const MAX_TRIES = 3;
/** Of one turn, with all that is tried with less. */
const MAX_REQUESTS = 8;
const MAX_BACKOFF_MS = 8_000;
/** A longer wait that the server asks for opens the breaker instead, and the order is deferred. */
const MAX_WAIT_MS = 10_000;
/** How long no request is sent after an error that only a person can correct. */
const MISCONFIGURED_MS = 60_000;

/**
 * One turn of a conversation: sends until there is a reply, at most three times, waiting as the server asks or longer
 * each time. What the server refuses by name is left out at once and for good; where it does not say what it refuses, the same
 * request is tried once more, and a server that has never replied is offered less, step by step.
 */
export async function callModel(
  ports: CallPorts,
  key: CallKey,
  write: WriteRequest,
  signal: AbortSignal,
): Promise<CallResult> {
  const plan = new Plan(ports.abilities);
  let [requests, tries] = [0, 0];
  for (;;) {
    const obstacle = findObstacle(ports, signal);
    if (obstacle) return { requests, ...obstacle };
    const { request, outcome } = await sendOnce(ports, key, () => write(plan.abilities), signal);
    requests += 1;
    if (outcome.ok) {
      await ports.abilities.settle(plan.abilities);
      return { requests, ok: true, reply: outcome.reply };
    }
    const { failure } = outcome;
    if (requests < MAX_REQUESTS && plan.askForLess(request, failure)) continue;
    tries += 1;
    const wait = chooseWait(ports, failure, tries);
    if (wait === undefined || requests >= MAX_REQUESTS)
      return { requests, ...conclude(ports, key.orderId, failure) };
    await ports.sleep(wait, signal);
  }
}

/** What the requests of one turn make use of: less and less, as the server refuses. */
class Plan {
  abilities: Abilities;
  private guesses: Abilities[] | undefined;
  private readonly mayGuess: boolean;
  private isRepeated = false;

  constructor(store: AbilityStore) {
    this.abilities = store.current;
    this.mayGuess = !store.isProven;
  }

  /** @returns whether to send again at once: with less, or once more the same. */
  askForLess({ tools, schema }: ChatRequest, { code, refusal }: ChatFailure): boolean {
    const less =
      refusal && giveUp(this.abilities, { tools: tools.length > 0, schema: schema !== undefined }, refusal);
    if (less) {
      this.abilities = less;
      return true;
    }
    if (code !== 'rejected') return false;
    if (!this.isRepeated) {
      this.isRepeated = true;
      return true;
    }
    if (!this.mayGuess) return false;
    this.guesses ??= listGuesses(this.abilities);
    const guess = this.guesses.shift();
    if (guess) this.abilities = guess;
    return guess !== undefined;
  }
}

type Failed = Omit<Extract<CallResult, { ok: false }>, 'requests'>;

/** Why nothing may be sent now; undefined where a request may go. */
function findObstacle({ breaker }: CallPorts, signal: AbortSignal): Failed | undefined {
  if (signal.aborted) return { ok: false, code: 'stopped', message: 'the call was stopped', retryAt: null };
  const admission = breaker.admit();
  if (admission.admitted) return undefined;
  const { retryAt } = admission;
  return { ok: false, code: 'breaker_open', message: 'the server keeps failing', retryAt };
}

/** One request, stored in the journal before it is sent; the breaker must have admitted it. */
async function sendOnce(
  { server, breaker, journal }: CallPorts,
  key: CallKey,
  write: () => Promise<ChatRequest>,
  signal: AbortSignal,
): Promise<{ request: ChatRequest; outcome: ChatOutcome }> {
  const prepare = async () => ({ request: await write(), id: await journal.begin(key, server.model) });
  const { request, id } = await prepare().catch((error: unknown) => {
    breaker.release();
    throw error;
  });
  const outcome = await server.send(request, idempotencyKey(key, request), signal);
  failpoint('agent-replied');
  reportOutcome(breaker, outcome);
  await journal.end(id, outcome);
  return { request, outcome };
}

/** The same for every try of a turn with the same body, so that a server that supports it charges once; another body has another key. */
function idempotencyKey({ orderId, scorer, turn }: CallKey, request: ChatRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([orderId, scorer, turn, request]))
    .digest('hex')
    .slice(0, 40);
}

function reportOutcome(breaker: Breaker, outcome: ChatOutcome): void {
  const code = outcome.ok ? 'replied' : outcome.failure.code;
  const requestedWait = outcome.ok ? 0 : (outcome.failure.retryAfterMs ?? 0);
  if (code === 'replied' || code === 'rejected') breaker.succeed();
  else if (code === 'stopped') breaker.release();
  else if (isMisconfigured(code)) breaker.fail(MISCONFIGURED_MS);
  else breaker.fail(requestedWait > MAX_WAIT_MS ? requestedWait : 0);
}

/** Errors that every later request would get too, until a person changes a setting. */
function isMisconfigured(code: ChatFailureCode): boolean {
  return ['unauthorized', 'not_found', 'redirected', 'no_credit'].includes(code);
}

/** Milliseconds until the next try; undefined where there is none. */
function chooseWait({ random }: CallPorts, failure: ChatFailure, tries: number): number | undefined {
  if (!failure.retry || tries >= MAX_TRIES) return undefined;
  const backoff = random() * Math.min(MAX_BACKOFF_MS, 500 * 2 ** tries);
  const wait = Math.max(failure.retryAfterMs ?? 0, backoff);
  return wait > MAX_WAIT_MS ? undefined : wait;
}

/** A rejection is the server's own where it has never replied, or has rejected several orders in a row. */
function conclude(
  { clock, abilities, breaker }: CallPorts,
  orderId: string,
  { code, message, retryAfterMs }: ChatFailure,
): Failed {
  const isOwn = code === 'rejected' && (abilities.noteRejected(orderId) || !abilities.isProven);
  if (isOwn) breaker.fail(MISCONFIGURED_MS);
  const retryAt = retryAfterMs === null ? null : new Date(clock.now().getTime() + retryAfterMs);
  return { ok: false, code: isOwn ? 'rejects_all' : code, message, retryAt };
}
