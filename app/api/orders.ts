import { OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { appendAudit } from '#lib/auth/routes.ts';
import { encode, flagText } from '#lib/contract/codec.ts';
import { pastDecisionSchema } from '#lib/contract/decision.ts';
import { orderIdText } from '#lib/contract/fields.ts';
import { fromDecodedSegment } from '#lib/contract/order-path.ts';
import { NotFoundError } from '#lib/errors.ts';
import { getDestination, getSyncedOrder, maskCoordinates } from '#lib/orders/index.ts';
import { listDecisions } from '#lib/refunds/history/index.ts';
import { answer, defineRoute } from './define-route.ts';

/** In the address, an id of one or two dots has a "~" before it. */
const params = z.object({ orderId: orderIdText.transform(fromDecodedSegment) });

const eventSchema = z.object({
  /** JSON text, without the customer's address, and with places rounded to about a kilometre. */
  body: z.string(),
  event_id: z.string(),
  event_type: z.string(),
  gk_id: z.string().nullable(),
  location: z.string().nullable(),
  location_id: z.int().nullable(),
  order_id: z.string(),
  sequence: z.int(),
  ts: z.string(),
});

const getEvents = defineRoute('viewer', {
  method: 'get',
  path: '/api/orders/{orderId}/events',
  summary: 'The events of an order by time',
  description:
    'The position reports of the driver are left out unless they are asked for; addresses always are.',
  request: { params, query: z.object({ include_pings: flagText.default(false) }) },
  responses: {
    200: answer('The events', z.object({ order_id: z.string(), events: z.array(eventSchema) })),
  },
});

const getDestinationRoute = defineRoute('reviewer', {
  method: 'get',
  path: '/api/orders/{orderId}/destination',
  summary: 'The delivery address of an order; the audit records who looked',
  request: { params },
  responses: {
    200: answer(
      'The address, null where it was not reported',
      z.object({
        order_id: z.string(),
        address: z.string().nullable(),
        lat: z.number().nullable(),
        lon: z.number().nullable(),
      }),
    ),
  },
});

const getDecisions = defineRoute('viewer', {
  method: 'get',
  path: '/api/orders/{orderId}/decisions',
  summary: 'All decisions of an order, the newest first',
  request: { params },
  responses: {
    200: answer('The decisions', z.object({ order_id: z.string(), decisions: z.array(pastDecisionSchema) })),
  },
});

const notSynced = (orderId: string) =>
  `The console does not know an order ${orderId}. An order appears once it has been scored and synced.`;

export const ordersApi = new OpenAPIHono()
  .openapi(getEvents, async (c) => {
    const { orderId } = c.req.valid('param');
    const { include_pings } = c.req.valid('query');
    const synced = await getSyncedOrder(c.get('context').db, orderId);
    if (!synced) throw new NotFoundError(notSynced(orderId));
    const shown = synced.events
      .filter((event) => include_pings || event.type !== 'driver_ping')
      .map(maskCoordinates);
    const json = shown.map((event) => ({
      body: JSON.stringify(event.body ?? {}),
      event_id: event.eventId,
      event_type: event.type,
      gk_id: event.gkId,
      location: event.location,
      location_id: event.locationId ?? null,
      order_id: orderId,
      sequence: event.sequence,
      ts: event.ts,
    }));
    return c.json({ order_id: orderId, events: json }, 200);
  })
  .openapi(getDestinationRoute, async (c) => {
    const { db, person, requestId } = c.get('context');
    const { orderId } = c.req.valid('param');
    const destination = await getDestination(db, orderId);
    if (!destination) throw new NotFoundError(`The console knows no address of an order ${orderId}.`);
    await appendAudit(db.pool, { actor: person.email, action: 'reveal', subject: orderId, requestId });
    return c.json({ order_id: orderId, ...destination }, 200);
  })
  .openapi(getDecisions, async (c) => {
    const { orderId } = c.req.valid('param');
    const decisions = await listDecisions(c.get('context').db, orderId);
    return c.json(
      { order_id: orderId, decisions: decisions.map((each) => encode(pastDecisionSchema, each)) },
      200,
    );
  });
