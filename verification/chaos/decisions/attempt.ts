import { z } from 'zod';

/** One decision that a writer sends, once or more often, always with the same idempotency key. */
export type Attempt = { key: string; writer: string; orderId: string; cents: number };

/**
 * What the API answered: `applied` with the id of its decision, `conflict` with the id of the decision that was made
 * instead, `unknown` if it may or may not have been written, `invalid` for an answer that must not happen.
 */
export type Answer =
  | { kind: 'applied'; id: number; isReplay: boolean }
  | { kind: 'conflict'; id: number }
  | { kind: 'unknown'; saysNothingWritten: boolean }
  | { kind: 'invalid'; why: string };

const decisionSchema = z.object({ id: z.int(), order_id: z.string(), amount_usd: z.number() });
const failureSchema = z.object({
  error: z.string(),
  message: z.string(),
  request_id: z.string(),
  current: z.object({ id: z.int() }).optional(),
});

/** Sends a decision as an API client does, and classifies the answer. */
export async function send(url: string, token: string, attempt: Attempt): Promise<Answer> {
  const response = await fetch(`${url}/api/refunds`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': attempt.key,
    },
    body: JSON.stringify({
      order_id: attempt.orderId,
      refund_class: 'partial',
      amount_usd: attempt.cents / 100,
      reason: 'It came late',
      reason_code: 'other',
    }),
  });
  const json: unknown = await response.json();
  return response.ok ? readDecision(response.status, json, attempt) : readFailure(response.status, json);
}

function readDecision(status: number, json: unknown, { orderId, cents }: Attempt): Answer {
  const { data } = decisionSchema.safeParse(json);
  if (status > 201 || data?.order_id !== orderId || Math.round(data.amount_usd * 100) !== cents)
    return { kind: 'invalid', why: `${status} with ${JSON.stringify(json)}` };
  return { kind: 'applied', id: data.id, isReplay: status === 200 };
}

function readFailure(status: number, json: unknown): Answer {
  const { data } = failureSchema.safeParse(json);
  if (status === 503 && data?.error === 'busy')
    return { kind: 'unknown', saysNothingWritten: data.message.includes('Nothing was written') };
  if (status === 409 && data?.error === 'already_decided' && data.current)
    return { kind: 'conflict', id: data.current.id };
  return { kind: 'invalid', why: `${status} with ${JSON.stringify(json)}` };
}
