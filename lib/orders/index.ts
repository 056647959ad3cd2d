export { buildTimeline, type Timeline } from './build-timeline.ts';
export { getDeliveryTime, getOrder, listBrands, type Order } from './get-order.ts';
export { getLocationTimings, getPhaseTimings, type PhaseTimings } from './get-timings.ts';
export { getDestination, listOrderEvents, maskCoordinates, type TimelineEvent } from './order-events.ts';
export { type Route, traceRoute } from './trace-route.ts';
