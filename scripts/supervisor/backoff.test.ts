import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextRestart, serviceBackoff } from './backoff.ts';

const QUICK = 10;

test('the pause doubles with every quick death and stays at the largest', () => {
  const delays: number[] = [];
  let quickDeaths = 0;
  for (let death = 0; death < 10; death += 1) {
    const next = nextRestart(quickDeaths, QUICK, serviceBackoff);
    quickDeaths = next.quickDeaths;
    delays.push(next.delayMs);
  }
  expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
});

test('the alarm comes with the fourth quick death and a healthy life clears it', () => {
  expect(nextRestart(2, QUICK, serviceBackoff).alarm).toBe(false);
  expect(nextRestart(3, QUICK, serviceBackoff).alarm).toBe(true);
  expect(nextRestart(9, serviceBackoff.healthyMs, serviceBackoff)).toEqual({
    quickDeaths: 0,
    delayMs: 500,
    alarm: false,
  });
});

test('the pause is within its bounds whatever happened before', () => {
  fc.assert(
    fc.property(fc.nat({ max: 100_000 }), fc.nat({ max: 10_000_000 }), (deaths, livedMs) => {
      const { delayMs } = nextRestart(deaths, livedMs, serviceBackoff);
      expect(delayMs).toBeGreaterThanOrEqual(serviceBackoff.firstMs);
      expect(delayMs).toBeLessThanOrEqual(serviceBackoff.largestMs);
    }),
  );
});
