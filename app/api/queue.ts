import { OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import {
  encodeQueuePage,
  encodeSummary,
  queuePageSchema,
  queueQuerySchema,
  summaryQuerySchema,
  summarySchema,
} from '#lib/contract/queue.ts';
import { listBrands } from '#lib/orders/index.ts';
import { openQueueStream } from '#lib/refunds/live/event-stream.ts';
import { listRecommendations, summarizeRefunds } from '#lib/refunds/queue/index.ts';
import { answer, defineRoute, parameters } from './define-route.ts';

const getSummary = defineRoute('viewer', {
  method: 'get',
  path: '/api/summary',
  summary: 'The figures of the queue',
  request: { query: parameters(summaryQuerySchema) },
  responses: { 200: answer('The figures', summarySchema.openapi('Summary')) },
});

const getRecommendations = defineRoute('viewer', {
  method: 'get',
  path: '/api/recommendations',
  summary: 'A page of the queue',
  request: { query: parameters(queueQuerySchema) },
  responses: { 200: answer('The page', queuePageSchema.openapi('QueuePage')) },
});

const getBrands = defineRoute('viewer', {
  method: 'get',
  path: '/api/brands',
  summary: 'The brands that orders can be filtered by',
  responses: {
    200: answer('The brands', z.object({ brands: z.array(z.object({ id: z.int(), name: z.string() })) })),
  },
});

const getStream = defineRoute('viewer', {
  method: 'get',
  path: '/api/stream',
  summary: 'Events of the queue, as server-sent events',
  description:
    '`case` with an order that has changed, `recommendations` when there are new ones, `missed` when what is shown ' +
    'has to be fetched again, `ended` when the session has ended or its person has opened ten other streams since.',
  responses: { 200: { description: 'The events', content: { 'text/event-stream': { schema: z.string() } } } },
});

export const queueApi = new OpenAPIHono()
  .openapi(getSummary, async (c) => {
    const { includeZero } = c.req.valid('query');
    return c.json(encodeSummary(await summarizeRefunds(c.get('context').db), includeZero), 200);
  })
  .openapi(getRecommendations, async (c) => {
    const query = c.req.valid('query');
    return c.json(encodeQueuePage(await listRecommendations(c.get('context').db, query), query), 200);
  })
  .openapi(getBrands, async (c) => c.json({ brands: await listBrands(c.get('context').db) }, 200))
  .openapi(getStream, (c) => {
    const { db, person, isSessionValid } = c.get('context');
    const stream = openQueueStream(db.pool, {
      personId: person.id,
      isSessionValid,
      signal: c.req.raw.signal,
    });
    return new Response(stream, {
      headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' },
    });
  });
