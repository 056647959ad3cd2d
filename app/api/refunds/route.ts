import { randomUUID } from 'node:crypto';
import { guardedRoute, parseInput, readJson, readQuery } from '#lib/auth/index.ts';
import { encode } from '#lib/contract/codec.ts';
import {
  decisionSchema,
  encodeApproval,
  encodeOutcome,
  outcomeQuerySchema,
  refundRequestSchema,
} from '#lib/contract/decision.ts';
import { idempotencyKeyText } from '#lib/contract/fields.ts';
import { decideRefund, findOutcome } from '#lib/refunds/index.ts';
import { asJsonFailure } from './as-json-failure.ts';

/**
 * 201 with the decision; 200 with the same where the Idempotency-Key has decided before; 202 where the amount
 * waits for a second person. Without a key the request can not be repeated, but an order is still decided once.
 */
export const POST = guardedRoute('reviewer', async ({ db, person }, { request }) => {
  const key = request.headers.get('idempotency-key') ?? randomUUID();
  const idempotencyKey = parseInput(idempotencyKeyText, key);
  const body = parseInput(refundRequestSchema, await readJson(request));
  const outcome = await decideRefund(db, person, { ...body, idempotencyKey }).catch(asJsonFailure);
  if (outcome.approval) return Response.json(encodeApproval(outcome.approval), { status: 202 });
  return Response.json(encode(decisionSchema, outcome.decision), { status: outcome.replayed ? 200 : 201 });
});

/** What became of a request of one's own whose answer was lost; nulls where nothing of it was written. */
export const GET = guardedRoute('reviewer', async ({ db, person }, { request }) => {
  const asked = readQuery(request, outcomeQuerySchema);
  return Response.json(encodeOutcome((await findOutcome(db, person, asked)) ?? {}));
});
