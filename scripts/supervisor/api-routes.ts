import * as brands from '#app/api/brands/route.ts';
import * as decisionsExport from '#app/api/decisions/export/route.ts';
import * as decisions from '#app/api/decisions/route.ts';
import * as openapi from '#app/api/openapi/route.ts';
import * as orderDecisions from '#app/api/orders/[orderId]/decisions/route.ts';
import * as orderDestination from '#app/api/orders/[orderId]/destination/route.ts';
import * as orderEvents from '#app/api/orders/[orderId]/events/route.ts';
import * as recommendations from '#app/api/recommendations/route.ts';
import * as refunds from '#app/api/refunds/route.ts';
import * as stream from '#app/api/stream/route.ts';
import * as summary from '#app/api/summary/route.ts';
import type { ApiRequest } from '#lib/auth/index.ts';

export type Params = Record<string, string>;
/** Each handler knows its own parameters, which the groups of its pattern provide. */
type Handler = (request: ApiRequest, route: { params: Promise<never> }) => Promise<Response>;
export type ApiRoute = { pattern: RegExp; handlers: { GET?: Handler; POST?: Handler } };

/** The JSON API as the served console answers it; what is not here is Next's to answer. */
export const apiRoutes: ApiRoute[] = [
  { pattern: /^\/api\/summary$/, handlers: summary },
  { pattern: /^\/api\/brands$/, handlers: brands },
  { pattern: /^\/api\/recommendations$/, handlers: recommendations },
  { pattern: /^\/api\/refunds$/, handlers: refunds },
  { pattern: /^\/api\/decisions$/, handlers: decisions },
  { pattern: /^\/api\/decisions\/export$/, handlers: decisionsExport },
  { pattern: /^\/api\/openapi$/, handlers: openapi },
  { pattern: /^\/api\/stream$/, handlers: stream },
  { pattern: /^\/api\/orders\/(?<orderId>[^/]+)\/events$/, handlers: orderEvents },
  { pattern: /^\/api\/orders\/(?<orderId>[^/]+)\/destination$/, handlers: orderDestination },
  { pattern: /^\/api\/orders\/(?<orderId>[^/]+)\/decisions$/, handlers: orderDecisions },
];
