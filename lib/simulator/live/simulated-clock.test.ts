import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSimulatedClock } from './simulated-clock.ts';

const begin = Date.parse('2026-03-09T12:00:00Z');

function makeClock(speed: number | 'wall', at = begin) {
  const wall = { at: begin, now: () => new Date(wall.at) };
  const clock = createSimulatedClock({ at, speed, paused: false }, wall, 5_000);
  clock.tick();
  return { wall, clock };
}

test.each([0.5, 1, 60, 3600])('at %d× a real second is that many simulated seconds', (speed) => {
  const { wall, clock } = makeClock(speed);
  for (let second = 1; second <= 7; second += 1) {
    wall.at += 1_000;
    expect(clock.tick()).toBe(begin + second * 1_000 * speed);
  }
});

test('speed, pause, resume and step change the future, never the past', () => {
  const { wall, clock } = makeClock(60);
  wall.at += 1_000;
  clock.setSpeed(3600);
  wall.at += 2_000;
  clock.pause();
  const stood = begin + 60_000 + 7_200_000;
  wall.at += 4_000;
  expect(clock.tick()).toBe(stood);
  clock.step(90_000);
  expect(clock.read()).toEqual({ at: stood + 90_000, speed: 3600, paused: true });
  wall.at += 3_000;
  clock.resume();
  clock.setSpeed(1);
  wall.at += 1_000;
  expect(clock.tick()).toBe(stood + 91_000);
});

test('at wall speed it jumps to the wall clock, and waits for it where it is ahead', () => {
  const { wall, clock } = makeClock('wall');
  wall.at += 3_600_000;
  expect(clock.tick()).toBe(begin + 3_600_000);
  clock.step(600_000);
  wall.at += 1_000;
  expect(clock.tick()).toBe(begin + 4_200_000);
  wall.at += 1_000_000;
  expect(clock.tick()).toBe(wall.at);
});

test('at another speed it lags after an interruption instead of jumping', () => {
  const { wall, clock } = makeClock(3600);
  wall.at += 8 * 3_600_000;
  expect(clock.tick()).toBe(begin + 5_000 * 3600);
});

test('it never goes back, for any sequence of commands and any wall clock', () => {
  const asked = fc.record({
    elapsed: fc.integer({ min: -10_000, max: 100_000 }),
    speed: fc.oneof(fc.constant('wall' as const), fc.integer({ min: 1, max: 5_000 })),
    step: fc.nat(100_000),
    paused: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(asked, { maxLength: 50 }), (moves) => {
      const { wall, clock } = makeClock(60);
      let before = clock.read().at;
      for (const { elapsed, speed, step, paused } of moves) {
        wall.at += elapsed;
        if (paused) clock.pause();
        else clock.resume();
        clock.setSpeed(speed);
        clock.step(step);
        const at = clock.tick();
        expect(at).toBeGreaterThanOrEqual(before);
        before = at;
      }
    }),
  );
});
