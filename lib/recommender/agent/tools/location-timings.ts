import { z } from 'zod';
import { getLocationTimings } from '#lib/orders/index.ts';
import { plainKey } from '../fence.ts';
import { defineTool, ToolRefusal } from './tool.ts';

const minutes = z
  .number()
  .nullable()
  .transform((value) => value && Number(value.toFixed(6)));

export const locationTimings = defineTool({
  name: 'get_location_timings',
  description:
    'Percentiles of the minutes from created to delivered at a location, over the 24 hours up to this delivery.',
  inputSchema: z.object({ location: z.string() }),
  outputSchema: z.object({
    location: z.string(),
    window_hours: z.int(),
    deliveries: z.int(),
    p50_minutes: minutes,
    p75_minutes: minutes,
    p99_minutes: minutes,
  }),
  run: async ({ db, location, deliveredTs }) => {
    if (location === null) throw new ToolRefusal('The location of this order is not known.');
    const timings = await getLocationTimings(db, location, untilIncluding(deliveredTs));
    return {
      location: plainKey(location),
      window_hours: 24,
      deliveries: timings.deliveries,
      p50_minutes: timings.p50,
      p75_minutes: timings.p75,
      p99_minutes: timings.p99,
    };
  },
});

/** The next whole millisecond: a Date holds no microseconds, and the order itself belongs to the window. */
function untilIncluding(instant: string): Date {
  const date = new Date(instant);
  return /\.\d{3}0*[1-9]/.test(instant) ? new Date(date.getTime() + 1) : date;
}
