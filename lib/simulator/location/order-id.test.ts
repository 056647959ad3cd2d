import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createOrderIds } from './order-id.ts';

const location = fc.integer({ min: 0, max: 255 });
const day = fc.integer({ min: 10_957, max: 10_957 + 32_767 });
const number = fc.integer({ min: 0, max: 131_071 });

test('no two orders of a seed have the same id', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.array(fc.tuple(location, day, number), { maxLength: 500 }),
      (seed, orders) => {
        const nameOf = createOrderIds(seed);
        const names = orders.map((order) => nameOf(...order));
        expect(new Set(names).size).toBe(new Set(orders.map(String)).size);
        for (const name of names) expect(name).toMatch(/^[A-Z0-9]{8}$/);
      },
    ),
  );
});

test('a hundred thousand consecutive orders have different ids', () => {
  const nameOf = createOrderIds(1);
  const names = new Set(Array.from({ length: 100_000 }, (_, n) => nameOf(1 + (n % 4), 20_000, n >> 2)));
  expect(names.size).toBe(100_000);
});

test('an order outside the limits is refused', () => {
  expect(() => createOrderIds(1)(256, 20_000, 0)).toThrow('no order id for location 256');
  expect(() => createOrderIds(1)(1, 20_000, 131_072)).toThrow('no order id for number 131072');
});
