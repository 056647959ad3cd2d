import { expect, test } from 'vitest';
import { Breaker } from './breaker.ts';

function setup(random = () => 1) {
  let at = Date.parse('2026-11-20T12:00:00Z');
  const clock = { now: () => new Date(at) };
  const pass = (seconds: number) => {
    at += seconds * 1000;
  };
  return { breaker: new Breaker({ clock, random }), pass };
}

const failTimes = (breaker: Breaker, times: number) => {
  for (let n = 0; n < times; n += 1) breaker.fail();
};

test('it opens at the fifth failure in a row, and a success in between resets the count', () => {
  const { breaker } = setup();
  failTimes(breaker, 4);
  breaker.succeed();
  failTimes(breaker, 4);
  expect(breaker.admit()).toEqual({ admitted: true });
  breaker.fail();
  expect(breaker.admit()).toEqual({ admitted: false, retryAt: new Date('2026-11-20T12:00:05Z') });
});

test('after the pause one request is admitted; its failure doubles the pause, its success admits all', () => {
  const { breaker, pass } = setup();
  failTimes(breaker, 5);
  pass(5);
  expect([breaker.admit().admitted, breaker.admit().admitted]).toEqual([true, false]);
  breaker.fail();
  pass(9);
  expect(breaker.admit().admitted).toBe(false);
  pass(1);
  expect(breaker.admit().admitted).toBe(true);
  breaker.succeed();
  expect([breaker.admit().admitted, breaker.admit().admitted]).toEqual([true, true]);
});

test('a probe that was not sent or was stopped makes room for another, and for one only', () => {
  const { breaker, pass } = setup();
  failTimes(breaker, 5);
  pass(5);
  breaker.admit();
  breaker.release();
  expect([breaker.admit().admitted, breaker.admit().admitted]).toEqual([true, false]);
});

test('a wait that the server asks for opens it at once', () => {
  const { breaker, pass } = setup();
  breaker.fail(60_000);
  pass(59);
  expect(breaker.admit().admitted).toBe(false);
  pass(1);
  expect(breaker.admit().admitted).toBe(true);
});

test('ten minutes of failure cost at most ten calls before the pause, and few after', () => {
  const { breaker, pass } = setup(() => 0.5);
  let calls = 0;
  for (let second = 0; second < 600; second += 1, pass(1)) {
    const inFlight = Array.from({ length: 4 }, () => breaker.admit()).filter(
      ({ admitted }) => admitted,
    ).length;
    calls += inFlight;
    failTimes(breaker, inFlight);
    if (second === 5) expect(calls).toBeLessThanOrEqual(10);
  }
  expect(calls).toBeLessThanOrEqual(20);
});
