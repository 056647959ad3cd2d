import { z } from 'zod';
import { ApiFailure, api, ask } from '#app/_data/api.ts';
import { NO_ANSWER } from '#app/_data/call-action.ts';
import type { ActionError, ActionResult } from '#lib/auth/index.ts';
import { outcomeSchema } from '#lib/contract/decision.ts';
import type { ApprovalRequest, Decision } from '#lib/refunds/index.ts';

/** The code of a decision that the console was asked about and does not have. */
export const NOT_SAVED = 'not_saved';

const doubtful = [NO_ANSWER, 'busy', NOT_SAVED];

/** Whether it is not known, or not for good, what became of a decision. */
export function isInDoubt(result: ActionResult<unknown>): result is { ok: false; error: ActionError } {
  return !result.ok && doubtful.includes(result.error.code);
}

const TRIES = 20;
const PAUSE_MS = 1500;
const PATIENCE_MS = 12_000;

type FoundOut = ActionResult<{ decision?: Decision; approval?: ApprovalRequest }>;

type Asked = { orderId: string; key: string; doubt: ActionError; pause?: (ms: number) => Promise<void> };

/**
 * Asks the console what became of a decision whose answer was lost, for half a minute. Only what it says twice, with a
 * pause for what may still be on its way, counts as not saved; where it says nothing at all the doubt stays.
 */
export async function findOut({ orderId, key, doubt, pause = wait }: Asked): Promise<FoundOut> {
  let absent = 0;
  for (let tries = 0; tries < TRIES && absent < 2; tries += 1) {
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
  return { ok: false, error: absent < 2 ? doubt : notSaved };
}

const notSaved: ActionError = {
  code: NOT_SAVED,
  message: 'The answer was lost on the way, so the console was asked: nothing of this was written.',
  requestId: '',
};

async function askOnce(orderId: string, key: string) {
  const query = { order_id: orderId, idempotency_key: key };
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
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
