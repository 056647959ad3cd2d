import { createHash } from 'node:crypto';
import type { Clock } from '#lib/clock.ts';
import { failpoint } from '#lib/failpoint.ts';
import type { Source } from '#lib/random.ts';
import type { Abilities, AbilityLadder } from './abilities.ts';
import type { Breaker } from './breaker.ts';
import type { CallJournal, CallKey } from './call-journal.ts';
import type { ChatFailure, ChatFailureCode } from './chat-failure.ts';
import type { ChatReply } from './chat-reply.ts';
import type { ChatOutcome, ChatRequest, ChatServer } from './chat-server.ts';

/** What calls go through. `abilities` is learned and shared by all conversations with the server. */
export type CallPorts = {
  server: ChatServer;
  abilities: AbilityLadder;
  breaker: Breaker;
  journal: CallJournal;
  clock: Clock;
  random: Source;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};

/** `requests` counts what was sent. A failure without a code of the server is the breaker's: nothing was sent. */
export type CallResult = { requests: number } & (
  | { ok: true; reply: ChatReply }
  | { ok: false; code: ChatFailureCode | 'breaker_open'; message: string; retryAt: Date | null }
);

/** Builds the request for what a server is able to. */
export type WriteRequest = (abilities: Abilities) => Promise<ChatRequest>;

const MOST_TRIES = 3;
const LONGEST_BACKOFF_MS = 8_000;
/** A server that asks for a longer wait gets it from the breaker, and the order waits outside. */
const LONGEST_WAIT_MS = 10_000;
/** How long a setting that only a person can correct keeps requests away. */
const MISCONFIGURED_MS = 60_000;

/**
 * One turn of a conversation: sends until there is a reply, with at most three tries, waiting as the server asks or
 * longer each time, and asking for less where it rejects what it is asked.
 */
export async function callModel(
  ports: CallPorts,
  key: CallKey,
  write: WriteRequest,
  signal: AbortSignal,
): Promise<CallResult> {
  let step = ports.abilities.step;
  let [requests, tries] = [0, 0];
  for (;;) {
    const refusal = findRefusal(ports, signal);
    if (refusal) return { requests, ...refusal };
    const outcome = await sendOnce(ports, key, () => write(ports.abilities.at(step) ?? nothing), signal);
    requests += 1;
    if (outcome.ok) {
      ports.abilities.settle(step);
      return { requests, ok: true, reply: outcome.reply };
    }
    const { failure } = outcome;
    if (failure.code === 'rejected' && ports.abilities.at(step + 1)) {
      step += 1;
      continue;
    }
    tries += 1;
    const wait = chooseWait(ports, failure, tries);
    if (wait === undefined) return { requests, ...giveUp(ports, failure) };
    await ports.sleep(wait, signal);
  }
}

const nothing: Abilities = { tools: false, schema: false, limits: false };

type Failed = Omit<Extract<CallResult, { ok: false }>, 'requests'>;

/** Why nothing may be sent now. */
function findRefusal({ breaker }: CallPorts, signal: AbortSignal): Failed | undefined {
  if (signal.aborted) return { ok: false, code: 'stopped', message: 'the call was stopped', retryAt: null };
  const admission = breaker.admit();
  if (admission.admitted) return undefined;
  const { retryAt } = admission;
  return { ok: false, code: 'breaker_open', message: 'the server keeps failing', retryAt };
}

/** One request, written down before it goes; the breaker must have admitted it. */
async function sendOnce(
  { server, breaker, journal }: CallPorts,
  key: CallKey,
  write: () => Promise<ChatRequest>,
  signal: AbortSignal,
): Promise<ChatOutcome> {
  const prepare = async () => ({ request: await write(), id: await journal.begin(key, server.model) });
  const { request, id } = await prepare().catch((error: unknown) => {
    breaker.release();
    throw error;
  });
  const outcome = await server.send(request, idempotencyKey(key), signal);
  failpoint('agent-replied');
  noteOutcome(breaker, outcome);
  await journal.end(id, outcome);
  return outcome;
}

/** The same for every try of a turn, so that a server that knows it charges once. */
function idempotencyKey({ orderId, scorer, turn }: CallKey): string {
  return createHash('sha256')
    .update(JSON.stringify([orderId, scorer, turn]))
    .digest('hex')
    .slice(0, 40);
}

function noteOutcome(breaker: Breaker, outcome: ChatOutcome): void {
  const code = outcome.ok ? 'replied' : outcome.failure.code;
  const askedWait = outcome.ok ? 0 : (outcome.failure.retryAfterMs ?? 0);
  if (code === 'replied' || code === 'rejected') breaker.succeed();
  else if (code === 'stopped') breaker.release();
  else if (isMisconfigured(code)) breaker.fail(MISCONFIGURED_MS);
  else breaker.fail(askedWait > LONGEST_WAIT_MS ? askedWait : 0);
}

/** What no later request can do better, until a person changes a setting. */
function isMisconfigured(code: ChatFailureCode): boolean {
  return code === 'unauthorized' || code === 'not_found' || code === 'redirected';
}

/** Milliseconds until the next try, or undefined where there is to be none. */
function chooseWait({ random }: CallPorts, failure: ChatFailure, tries: number): number | undefined {
  if (!failure.retry || tries >= MOST_TRIES) return undefined;
  const backoff = random() * Math.min(LONGEST_BACKOFF_MS, 500 * 2 ** tries);
  const wait = Math.max(failure.retryAfterMs ?? 0, backoff);
  return wait > LONGEST_WAIT_MS ? undefined : wait;
}

function giveUp(
  { clock, abilities, breaker }: CallPorts,
  { code, message, retryAfterMs }: ChatFailure,
): Failed {
  if (code === 'rejected' && !abilities.isProven) breaker.fail(MISCONFIGURED_MS);
  const retryAt = retryAfterMs === null ? null : new Date(clock.now().getTime() + retryAfterMs);
  return { ok: false, code, message, retryAt };
}
