import { z } from 'zod';
import { toDecimal } from '#lib/money.ts';
import { getOrder, type OrderLine } from '#lib/orders/index.ts';
import { fence, plainKey } from '../fence.ts';
import { defineTool, ToolRefusal } from './tool.ts';

/** An order may have hundreds of lines; the rest is counted. */
const MOST_LINES = 20;

const money = z.string().describe('US dollars');

export const orderDetails = defineTool({
  name: 'get_order_details',
  description: 'The lines of an order with prices, its total and its location. Nothing about the customer.',
  inputSchema: z.object({ order_id: z.string() }),
  outputSchema: z.object({
    order_id: z.string(),
    location: z.string().nullable(),
    total_usd: money,
    lines: z.array(
      z.object({ item: z.string().nullable(), brand: z.string().nullable(), qty: z.int(), price_usd: money }),
    ),
    further_lines: z.int(),
  }),
  run: async ({ db, orderId, location }) => {
    const order = await getOrder(db, orderId);
    if (!order) throw new ToolRefusal('The lines of this order are not known.');
    return {
      order_id: plainKey(orderId),
      location: location === null ? null : plainKey(location),
      total_usd: toDecimal(order.totalCents),
      lines: order.lines.slice(0, MOST_LINES).map(describeLine),
      further_lines: Math.max(0, order.lines.length - MOST_LINES),
    };
  },
});

function describeLine({ name, brandName, qty, priceCents }: OrderLine) {
  return {
    item: name === null ? null : fence(name),
    brand: brandName === null ? null : fence(brandName),
    qty,
    price_usd: toDecimal(priceCents),
  };
}
