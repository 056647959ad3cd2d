import { guardedRoute, parseInput, readQuery } from '#lib/auth/index.ts';
import { eventsQuerySchema } from '#lib/contract/case.ts';
import { orderIdText } from '#lib/contract/fields.ts';
import { NotFoundError } from '#lib/errors.ts';
import { listOrderEvents, maskPlaces } from '#lib/orders/index.ts';

type Params = { orderId: string };

/** The events of an order by time; a body is JSON text, without the customer's address, and with places rounded to about a kilometre. */
export const GET = guardedRoute<Params>('viewer', async ({ db }, { request, params }) => {
  const { include_pings } = readQuery(request, eventsQuerySchema);
  const orderId = parseInput(orderIdText, params.orderId);
  const events = await listOrderEvents(db, orderId);
  if (events.length === 0) throw new NotFoundError(`There is no order ${orderId}.`);
  const shown = events.filter((event) => include_pings || event.type !== 'driver_ping');
  return Response.json({
    order_id: orderId,
    events: shown.map(maskPlaces).map((event) => ({
      body: JSON.stringify(event.body ?? {}),
      event_id: event.eventId,
      event_type: event.type,
      gk_id: event.gkId,
      location: event.location,
      location_id: event.locationId ?? null,
      order_id: orderId,
      sequence: event.sequence,
      ts: event.ts,
    })),
  });
});
