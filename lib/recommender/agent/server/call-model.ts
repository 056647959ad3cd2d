import { createHash } from 'node:crypto';
import type { Clock } from '#lib/clock.ts';
import { failpoint } from '#lib/failpoint.ts';
import type { Source } from '#lib/random.ts';
import type { Breaker } from './breaker.ts';
import type { CallJournal, CallKey } from './call-journal.ts';
import type { ChatFailure, ChatFailureCode } from './chat-failure.ts';
import type { ChatReply } from './chat-reply.ts';
import type { ChatOutcome, ChatRequest, ChatServer } from './chat-server.ts';

/** What a server is asked for besides words: tool calls, an answer that follows a JSON schema, a temperature and a length. */
export type Abilities = { tools: boolean; schema: boolean; limits: boolean };

const nothing: Abilities = { tools: false, schema: false, limits: false };
const ladder: readonly Abilities[] = [
  { tools: true, schema: true, limits: true },
  { tools: true, schema: true, limits: false },
  { tools: true, schema: false, limits: false },
  nothing,
];

/** Which step of the ladder a server accepts: learned from what it rejects, and kept for later requests. */
export class AbilityLadder {
  private known = 0;
  private proven = false;

  get step(): number {
    return this.known;
  }

  /** Whether the server has ever replied as a chat server does; before that, its errors are about itself, not about an order. */
  get isProven(): boolean {
    return this.proven;
  }

  at(step: number): Abilities | undefined {
    return ladder[step];
  }

  /** Called when the server has accepted a request of this step, so that no later one asks for more. */
  settle(step: number): void {
    this.known = Math.max(this.known, step);
    this.proven = true;
  }
}

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

/** `requests` counts what was sent. With `breaker_open` nothing was sent last. */
export type CallResult = { requests: number } & (
  | { ok: true; reply: ChatReply }
  | { ok: false; code: ChatFailureCode | 'breaker_open'; message: string; retryAt: Date | null }
);

/** Builds the request for what a server is able to. */
export type WriteRequest = (abilities: Abilities) => Promise<ChatRequest>;

const MAX_TRIES = 3;
const MAX_BACKOFF_MS = 8_000;
/** A longer wait that the server asks for opens the breaker instead, and the order is deferred. */
const MAX_WAIT_MS = 10_000;
/** How long no request is sent after an error that only a person can correct. */
const MISCONFIGURED_MS = 60_000;

/**
 * One turn of a conversation: sends until there is a reply, at most three times, waiting as the server asks or longer
 * each time, and asking for fewer abilities where the server rejects a request.
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
    const obstacle = findObstacle(ports, signal);
    if (obstacle) return { requests, ...obstacle };
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
): Promise<ChatOutcome> {
  const prepare = async () => ({ request: await write(), id: await journal.begin(key, server.model) });
  const { request, id } = await prepare().catch((error: unknown) => {
    breaker.release();
    throw error;
  });
  const outcome = await server.send(request, idempotencyKey(key), signal);
  failpoint('agent-replied');
  reportOutcome(breaker, outcome);
  await journal.end(id, outcome);
  return outcome;
}

/** The same for every try of a turn, so that a server that supports it charges once. */
function idempotencyKey({ orderId, scorer, turn }: CallKey): string {
  return createHash('sha256')
    .update(JSON.stringify([orderId, scorer, turn]))
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
  return code === 'unauthorized' || code === 'not_found' || code === 'redirected';
}

/** Milliseconds until the next try; undefined where there is none. */
function chooseWait({ random }: CallPorts, failure: ChatFailure, tries: number): number | undefined {
  if (!failure.retry || tries >= MAX_TRIES) return undefined;
  const backoff = random() * Math.min(MAX_BACKOFF_MS, 500 * 2 ** tries);
  const wait = Math.max(failure.retryAfterMs ?? 0, backoff);
  return wait > MAX_WAIT_MS ? undefined : wait;
}

function giveUp(
  { clock, abilities, breaker }: CallPorts,
  { code, message, retryAfterMs }: ChatFailure,
): Failed {
  if (code === 'rejected' && !abilities.isProven) breaker.fail(MISCONFIGURED_MS);
  const retryAt = retryAfterMs === null ? null : new Date(clock.now().getTime() + retryAfterMs);
  return { ok: false, code, message, retryAt };
}
