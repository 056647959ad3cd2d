import { OpenAPIHono } from '@hono/zod-openapi';
import { encode } from '#lib/contract/codec.ts';
import { dashboardQuerySchema, deliveryDashboardSchema } from '#lib/contract/dashboards.ts';
import { getDeliveryDashboard } from '#lib/dashboards/index.ts';
import { answer, defineRoute, parameters } from './define-route.ts';

const getDeliveries = defineRoute('viewer', {
  method: 'get',
  path: '/api/dashboards/deliveries',
  summary: 'How long deliveries took',
  description:
    'By the hour (UTC) of the delivery, in minutes from created to delivered; `location` asks for one. The figures of ' +
    'an hour are exact; percentiles of the range are read from a histogram and lie within one minute of the exact ones.',
  request: { query: parameters(dashboardQuerySchema) },
  responses: { 200: answer('The figures', deliveryDashboardSchema.openapi('DeliveryDashboard')) },
});

export const dashboardsApi = new OpenAPIHono().openapi(getDeliveries, async (c) => {
  const dashboard = await getDeliveryDashboard(c.get('context').db, c.req.valid('query'));
  return c.json(encode(deliveryDashboardSchema, dashboard), 200);
});
