import type { Clock } from '#lib/clock.ts';

/** Simulated seconds in a second of the wall, or "wall": in step with the wall, catching up after a rest. */
export type Speed = number | 'wall';

/** Where simulated time stands (epoch ms), and how it moves. */
export type ClockReading = { at: number; speed: Speed; paused: boolean };

export type SimulatedClock = {
  read(): ClockReading;
  /** Moves with the wall's time since the last call; @returns the instant (epoch ms). It never goes back. */
  tick(): number;
  pause(): void;
  resume(): void;
  step(ms: number): void;
  setSpeed(speed: Speed): void;
};

/**
 * A clock that moves only where it is asked to, so that its speed can change at any time without losing the position.
 * A tick counts `longestMs` of the wall at most: after a suspended machine, or where writing is slower than the speed
 * asked for, simulated time lags instead of leaping. In step with the wall it leaps. The first tick starts it.
 */
export function createSimulatedClock(start: ClockReading, wall: Clock, longestMs: number): SimulatedClock {
  const reading = { ...start };
  let last: number | undefined;
  const tick = () => {
    const now = wall.now().getTime();
    const elapsed = Math.min(Math.max(0, now - (last ?? now)), longestMs);
    last = now;
    if (reading.paused) return reading.at;
    const to = reading.speed === 'wall' ? now : reading.at + Math.round(elapsed * reading.speed);
    reading.at = Math.max(reading.at, to);
    return reading.at;
  };
  return {
    read: () => ({ ...reading }),
    tick,
    pause() {
      tick();
      reading.paused = true;
    },
    resume() {
      tick();
      reading.paused = false;
    },
    step(ms) {
      tick();
      reading.at += ms;
    },
    setSpeed(speed) {
      tick();
      reading.speed = speed;
    },
  };
}
