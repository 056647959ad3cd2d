import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatTimestamp } from '#lib/contract/timestamp.ts';
import { buildTestModel, codes } from '../location/location-model.testing.ts';
import { drawOrders } from '../orders/draw-orders.ts';
import { formatEventTime, toEvent, toLine } from './encode-event.ts';
import { scheduleEvents } from './order-lifecycle.ts';

test('a line has the same bytes as JSON.stringify of the event', () => {
  fc.assert(
    fc.property(fc.constantFrom(...codes), fc.nat(), fc.nat({ max: 89 }), (code, seed, index) => {
      const model = buildTestModel(code, { seed });
      for (const order of drawOrders(model, model.startDay + index))
        for (const event of scheduleEvents(order, model.origin))
          expect(toLine(event)).toBe(`${JSON.stringify(toEvent(event))}\n`);
    }),
    { numRuns: 4 },
  );
});

test('also where names contain quotes, backslashes and non-ASCII letters', () => {
  const model = buildTestModel('denver');
  const [order] = drawOrders(model, model.startDay);
  if (!order) throw new Error('no order');
  const items = order.items.map((item) => ({ ...item, name: 'Crème "brûlée" \\ 寿司\n' }));
  const [created] = scheduleEvents({ ...order, items, address: '1 "Quote" St' }, model.origin);
  if (!created) throw new Error('no event');
  expect(toLine(created)).toBe(`${JSON.stringify(toEvent(created))}\n`);
  expect(JSON.parse(JSON.parse(toLine(created)).body).items[0].name).toBe('Crème "brûlée" \\ 寿司\n');
});

test('an event time has the format of any timestamp', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 4_102_444_800_000 })), (instants) => {
      expect(instants.map(formatEventTime)).toEqual(instants.map(formatTimestamp));
    }),
  );
});
