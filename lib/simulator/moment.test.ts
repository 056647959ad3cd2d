import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatTimestamp } from '#lib/contract/timestamp.ts';
import { formatMoment } from './format-moment.ts';
import { toEvent, toLine } from './moment.ts';
import { listMoments } from './order-lifecycle.ts';
import { drawOrders } from './orders-of-day.ts';
import { codes, makeWorld } from './world.testing.ts';

test('a line is, byte for byte, what JSON.stringify makes of the event', () => {
  fc.assert(
    fc.property(fc.constantFrom(...codes), fc.nat(), fc.nat({ max: 89 }), (code, seed, index) => {
      const world = makeWorld(code, { seed });
      for (const order of drawOrders(world, world.startDay + index))
        for (const moment of listMoments(order, world.origin))
          expect(toLine(moment)).toBe(`${JSON.stringify(toEvent(moment))}\n`);
    }),
    { numRuns: 4 },
  );
});

test('also where names hold quotes, backslashes and letters beyond ASCII', () => {
  const world = makeWorld('denver');
  const [order] = drawOrders(world, world.startDay);
  if (!order) throw new Error('no order');
  const items = order.items.map((item) => ({ ...item, name: 'Crème "brûlée" \\ 寿司\n' }));
  const [created] = listMoments({ ...order, items, address: '1 "Quote" St' }, world.origin);
  if (!created) throw new Error('no moment');
  expect(toLine(created)).toBe(`${JSON.stringify(toEvent(created))}\n`);
  expect(JSON.parse(JSON.parse(toLine(created)).body).items[0].name).toBe('Crème "brûlée" \\ 寿司\n');
});

test('a moment is written as any timestamp is', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 4_102_444_800_000 })), (instants) => {
      expect(instants.map(formatMoment)).toEqual(instants.map(formatTimestamp));
    }),
  );
});
