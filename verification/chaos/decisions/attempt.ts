import { z } from 'zod';

/** One decision that a writer sends, once or more often, always with the same key. */
export type Attempt = { key: string; writer: string; orderId: string; cents: number };

/** What the API has said to it; `id` is of the decision that it says it has made, or that stands instead. */
export type Answer =
  | { kind: 'applied'; id: number; isReplayed: boolean }
  | { kind: 'lost'; id: number }
  | { kind: 'unknown'; saysNothingWritten: boolean }
  | { kind: 'wrong'; why: string };

const decisionSchema = z.object({ id: z.int(), order_id: z.string(), amount_usd: z.number() });
const failureSchema = z.object({
  error: z.string(),
  message: z.string(),
  request_id: z.string(),
  current: z.object({ id: z.int() }).optional(),
});

/** Sends a decision as a program does, and reads the answer for what a person would take it for. */
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
    return { kind: 'wrong', why: `${status} with ${JSON.stringify(json)}` };
  return { kind: 'applied', id: data.id, isReplayed: status === 200 };
}

function readFailure(status: number, json: unknown): Answer {
  const { data } = failureSchema.safeParse(json);
  if (status === 503 && data?.error === 'busy')
    return { kind: 'unknown', saysNothingWritten: data.message.includes('Nothing was written') };
  if (status === 409 && data?.error === 'already_decided' && data.current)
    return { kind: 'lost', id: data.current.id };
  return { kind: 'wrong', why: `${status} with ${JSON.stringify(json)}` };
}
