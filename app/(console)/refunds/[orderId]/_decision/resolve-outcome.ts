import { z } from 'zod';
import { NO_ANSWER } from '#app/_data/actions.ts';
import { ApiFailure, api, ask } from '#app/_data/api.ts';
import type { ActionError, ActionResult } from '#lib/auth/index.ts';
import { outcomeSchema } from '#lib/contract/decision.ts';
import type { ApprovalRequest, Decision } from '#lib/refunds/index.ts';

/** The error code of a decision that the console does not have. */
export const NOT_SAVED = 'not_saved';

const indeterminate = [NO_ANSWER, 'busy', NOT_SAVED];

/** Whether the decision may or may not have been saved, or may still be saved by trying again. */
export function isIndeterminate(result: ActionResult<unknown>): result is { ok: false; error: ActionError } {
  return !result.ok && indeterminate.includes(result.error.code);
}

const MAX_TRIES = 20;
const PAUSE_MS = 1500;
const TIMEOUT_MS = 12_000;

type Resolved = ActionResult<{ decision?: Decision; approval?: ApprovalRequest }>;

type ResolveOutcomeParams = {
  orderId: string;
  key: string;
  failure: ActionError;
  pause?: (ms: number) => Promise<void>;
};

/**
 * Asks the console for the outcome of a decision whose answer was lost, for half a minute. Only an outcome that is absent
 * twice, with a pause for a request that may still arrive, counts as not saved. Where the console never answers, the
 * result is `failure`.
 */
export async function resolveOutcome({
  orderId,
  key,
  failure,
  pause = wait,
}: ResolveOutcomeParams): Promise<Resolved> {
  let absent = 0;
  for (let tries = 0; tries < MAX_TRIES && absent < 2; tries += 1) {
    if (tries > 0) await pause(PAUSE_MS);
    const found = await askOnce(orderId, key);
    if (found instanceof ApiFailure && found.code === 'unauthenticated')
      return { ok: false, error: toError(found) };
    if (found instanceof ApiFailure) continue;
    const { decision, approval } = found;
    if (decision) return { ok: true, value: { decision } };
    if (approval) return { ok: true, value: { approval } };
    absent += 1;
  }
  return { ok: false, error: absent < 2 ? failure : notSaved };
}

const notSaved: ActionError = {
  code: NOT_SAVED,
  message: 'The answer was lost on the way, so the console was asked: nothing of this was written.',
  requestId: '',
};

async function askOnce(orderId: string, key: string) {
  const query = { order_id: orderId, idempotency_key: key };
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    return z.decode(outcomeSchema, await ask(signal, (options) => api.refunds.$get({ query }, options)));
  } catch (error) {
    return error instanceof ApiFailure
      ? error
      : new ApiFailure('no_answer', 'No answer came from the console.');
  }
}

function toError({ code, message, requestId = '' }: ApiFailure): ActionError {
  return { code, message, requestId };
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
