import { randomUUID } from 'node:crypto';
import { ReadableStream } from 'node:stream/web';
import { OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { appendAudit } from '#lib/auth/routes.ts';
import { encode } from '#lib/contract/codec.ts';
import {
  approvalSchema,
  decisionSchema,
  encodeApproval,
  encodeOutcome,
  exportQuerySchema,
  historyPageSchema,
  historyQuerySchema,
  outcomeQuerySchema,
  outcomeSchema,
  refundRequestSchema,
} from '#lib/contract/decision.ts';
import { idempotencyKeyText } from '#lib/contract/fields.ts';
import { queueItemSchema } from '#lib/contract/queue.ts';
import { ConflictError, ValidationError } from '#lib/errors.ts';
import type { Case } from '#lib/refunds/cases/index.ts';
import { exportDecisions, listDecisionHistory } from '#lib/refunds/history/index.ts';
import { type ApprovalRequest, type Decision, decideRefund, findOutcome } from '#lib/refunds/index.ts';
import type { QueueItem } from '#lib/refunds/queue/index.ts';
import { answer, defineRoute, failure, parameters } from './define-route.ts';

const decision = decisionSchema.openapi('Decision');

const postRefund = defineRoute('reviewer', {
  method: 'post',
  path: '/api/refunds',
  summary: 'Decide the refund of an order, once',
  description:
    'Without an Idempotency-Key the request can not be repeated, but an order is still decided once.',
  request: {
    headers: z.object({ 'idempotency-key': idempotencyKeyText.optional() }),
    body: {
      required: true,
      content: { 'application/json': { schema: refundRequestSchema.openapi('RefundRequest') } },
    },
  },
  responses: {
    201: answer('Decided', decision),
    200: answer('This key has decided so before', decision),
    202: answer('The amount waits for a second person', approvalSchema.openapi('Approval')),
    409: failure('Another decision or a change came first; `current` is the present state'),
  },
});

const getOutcome = defineRoute('reviewer', {
  method: 'get',
  path: '/api/refunds',
  summary: 'What became of a request of one’s own whose answer was lost',
  request: { query: parameters(outcomeQuerySchema) },
  responses: {
    200: answer('The outcome; nulls where nothing was written', outcomeSchema.openapi('Outcome')),
  },
});

const getDecisions = defineRoute('viewer', {
  method: 'get',
  path: '/api/decisions',
  summary: 'The decisions of all orders, the newest first',
  request: { query: parameters(historyQuerySchema) },
  responses: { 200: answer('A page of decisions', historyPageSchema) },
});

const getExport = defineRoute('reviewer', {
  method: 'get',
  path: '/api/decisions/export',
  summary: 'Decisions as CSV; the audit records who exported them',
  description: 'In UTF-8; `bom=true` puts the byte order mark in front that spreadsheets look for.',
  request: { query: parameters(exportQuerySchema) },
  responses: { 200: { description: 'The file', content: { 'text/csv': { schema: z.string() } } } },
});

export const decisionsApi = new OpenAPIHono()
  .openapi(postRefund, async (c) => {
    const { db, person } = c.get('context');
    const idempotencyKey = c.req.valid('header')['idempotency-key'] ?? randomUUID();
    const request = { ...c.req.valid('json'), idempotencyKey };
    const outcome = await decideRefund(db, person, request).catch(throwAsJson);
    if (outcome.approval) return c.json(encodeApproval(outcome.approval), 202);
    return c.json(encode(decisionSchema, outcome.decision), outcome.replayed ? 200 : 201);
  })
  .openapi(getOutcome, async (c) => {
    const { db, person } = c.get('context');
    const outcome = await findOutcome(db, person, c.req.valid('query'));
    return c.json(encodeOutcome(outcome ?? {}), 200);
  })
  .openapi(getDecisions, async (c) => {
    const page = await listDecisionHistory(c.get('context').db, c.req.valid('query'));
    return c.json(encode(historyPageSchema, page), 200);
  })
  .openapi(getExport, async (c) => {
    const { db, person, requestId } = c.get('context');
    const { bom, ...filter } = c.req.valid('query');
    // The audit records the export before the first row leaves.
    await appendAudit(db.pool, { actor: person.email, action: 'export', detail: { filter }, requestId });
    const body = ReadableStream.from(
      encodeText(exportDecisions(db, filter, { bom })),
    ) as globalThis.ReadableStream;
    return new Response(body, {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="decisions.csv"',
      },
    });
  });

async function* encodeText(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const text of texts) yield encoder.encode(text);
}

const fields: Record<string, string> = { amountUsd: 'amount_usd', reasonCode: 'reason_code' };

/** Throws again what `decideRefund` threw, with the names and shapes of the JSON contract. */
function throwAsJson(error: unknown): never {
  if (error instanceof ValidationError)
    throw new ValidationError(fields[error.field] ?? error.field, error.message);
  if (error instanceof ConflictError)
    throw new ConflictError(error.code, error.message, encodeCurrent(error.current));
  throw error;
}

function encodeCurrent(current: Decision | QueueItem | ApprovalRequest | Case | undefined) {
  if (!current) return null;
  if ('suggestion' in current) return encode(queueItemSchema, current);
  if ('requestedBy' in current) return encodeApproval(current);
  if ('decidedBy' in current) return encode(decisionSchema, current);
  const { orderId, status, assignee, dueTs } = current;
  return { order_id: orderId, case_status: status, assignee, due_ts: dueTs };
}
