export { type BuiltOrder, buildBrands, buildOrders } from './build-orders.ts';
export { buildTimeline, type Timeline } from './build-timeline.ts';
export { type ChangedOrder, getLastBatch, getPlacesEdge, listChangedOrders } from './changed-orders.ts';
export { getDeliveryTime, getOrder, type Order } from './get-order.ts';
export { getLocationTimings } from './get-timings.ts';
export { listOrderEvents, maskCoordinates, type TimelineEvent } from './order-events.ts';
export {
  getDestination,
  getPhaseTimings,
  getSyncedOrder,
  listBrands,
  type PhaseTimings,
} from './synced-orders.ts';
export { type Route, traceRoute } from './trace-route.ts';
