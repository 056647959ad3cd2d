import { z } from 'zod';
import { getDeliveryTime } from '#lib/orders/index.ts';
import { plainKey } from '../fence.ts';
import { defineTool, ToolRefusal } from './tool.ts';

export const orderDeliveryTime = defineTool({
  name: 'get_order_delivery_time',
  description: 'When an order was created and delivered (UTC), and the minutes between.',
  inputSchema: z.object({ order_id: z.string() }),
  outputSchema: z.object({
    order_id: z.string(),
    created_ts: z.string(),
    delivered_ts: z.string(),
    delivery_minutes: z.number(),
  }),
  run: async ({ db, orderId }) => {
    const time = await getDeliveryTime(db, orderId);
    if (!time) throw new ToolRefusal('This order is not delivered.');
    return {
      order_id: plainKey(orderId),
      created_ts: time.createdTs,
      delivered_ts: time.deliveredTs,
      delivery_minutes: round(time.minutes),
    };
  },
});

/** To six decimals of a minute: more only shows how floating point divides. */
function round(minutes: number): number {
  return Number(minutes.toFixed(6));
}
