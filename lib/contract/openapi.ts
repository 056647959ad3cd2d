import { z } from 'zod';
import { eventsQuerySchema } from './case.ts';
import {
  approvalSchema,
  decisionSchema,
  exportQuerySchema,
  historyQuerySchema,
  outcomeQuerySchema,
  outcomeSchema,
  pastDecisionSchema,
  refundRequestSchema,
} from './decision.ts';
import {
  queueItemSchema,
  queuePageSchema,
  queueQuerySchema,
  summaryQuerySchema,
  summarySchema,
} from './queue.ts';

const errorSchema = z.object({
  error: z.string(),
  message: z.string(),
  request_id: z.string(),
  field: z.string().optional(),
  current: z.unknown().optional(),
});

type Json = Record<string, unknown>;
type JsonSchema = { properties?: Record<string, Json>; required?: string[] };

/** What goes over the wire: the input side of a schema, before it becomes cents and camel case. */
const wire = (schema: z.ZodType) =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json & JsonSchema;

/** The JSON API in the words of OpenAPI 3.1, made of the schemas that check every request and answer. */
export function openApi(): Json {
  const orderId = { name: 'orderId', in: 'path', required: true, schema: { type: 'string' } };
  const key = {
    name: 'Idempotency-Key',
    in: 'header',
    schema: { type: 'string', minLength: 8, maxLength: 200 },
  };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Refund Manager',
      version: '1',
      description:
        'Sign in with a session cookie, or as a program with a bearer token of settings. Money is dollars, time is UTC.',
    },
    security: [{ bearer: [] }, { session: [] }],
    paths: {
      '/api/summary': get('The figures of the queue', query(summaryQuerySchema), 'Summary'),
      '/api/recommendations': get('A page of the queue', query(queueQuerySchema), 'QueuePage'),
      '/api/refunds': {
        post: refundsPost(key),
        ...get('What became of a request whose answer was lost', query(outcomeQuerySchema), 'Outcome'),
      },
      '/api/decisions': get('Decisions, the newest first', query(historyQuerySchema)),
      '/api/decisions/export': get('Decisions as CSV', query(exportQuerySchema)),
      '/api/orders/{orderId}/events': get('The events of an order', [orderId, ...query(eventsQuerySchema)]),
      '/api/orders/{orderId}/destination': get('Where an order went; that you looked is kept', [orderId]),
      '/api/orders/{orderId}/decisions': get('The decisions of an order', [orderId]),
      '/api/brands': get('The brands that orders can be filtered by', []),
      '/api/stream': get(
        'What happens to the queue, as server-sent events; ten of them at once, then the first one ends',
        [],
      ),
    },
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'caspers.session_token' },
      },
      schemas: {
        Summary: wire(summarySchema),
        QueuePage: wire(queuePageSchema),
        QueueItem: wire(queueItemSchema),
        Decision: wire(decisionSchema),
        PastDecision: wire(pastDecisionSchema),
        Approval: wire(approvalSchema),
        Outcome: wire(outcomeSchema),
        RefundRequest: wire(refundRequestSchema),
        Error: wire(errorSchema),
      },
    },
  };
}

function refundsPost(key: Json): Json {
  return {
    summary: 'Decide the refund of an order, once',
    parameters: [key],
    requestBody: { required: true, content: json('RefundRequest') },
    responses: {
      201: answer('Decided', 'Decision'),
      200: answer('This key has decided so before', 'Decision'),
      202: answer('It waits for a second person', 'Approval'),
      409: answer('Somebody or something was faster; `current` is what stands', 'Error'),
      422: answer('It does not hold, or the key has sent another request', 'Error'),
      ...failures,
    },
  };
}

function get(summary: string, parameters: Json[], schema?: string): Json {
  return { get: { summary, parameters, responses: { 200: answer('Done', schema), ...failures } } };
}

/** Query parameters of a schema; all are text in an address, whatever they are read as. */
function query(schema: z.ZodType): Json[] {
  const { properties = {} } = wire(schema);
  return Object.entries(properties).map(([name, of]) => ({ name, in: 'query', required: false, schema: of }));
}

function answer(description: string, schema?: string): Json {
  return { description, ...(schema && { content: json(schema) }) };
}

function json(schema: string): Json {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } };
}

const failures = {
  401: answer('Nobody is signed in', 'Error'),
  403: answer('The role is too small, or another site asked', 'Error'),
  429: answer('Too many requests', 'Error'),
  503: answer('The database does not answer; try the same again', 'Error'),
};
