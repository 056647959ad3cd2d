import type { Clock } from '#lib/clock.ts';

/** Simulated seconds per real second, or "wall": the same time as the wall clock, catching up after an interruption. */
export type Speed = number | 'wall';

/** The simulated time (epoch ms), and how it moves. */
export type ClockReading = { at: number; speed: Speed; paused: boolean };

export type SimulatedClock = {
  read(): ClockReading;
  /** Advances by the real time since the last call. @returns the simulated instant (epoch ms); it never goes back. */
  tick(): number;
  pause(): void;
  resume(): void;
  step(ms: number): void;
  setSpeed(speed: Speed): void;
};

/**
 * A clock that only moves on `tick`, so that its speed can change at any time without losing the position. A tick
 * counts at most `maxTickMs` of real time: after the machine was suspended, or where writing is slower than the
 * requested speed, simulated time lags instead of jumping. At speed "wall" it does jump. The first tick starts it.
 */
export function createSimulatedClock(
  start: ClockReading,
  wallClock: Clock,
  maxTickMs: number,
): SimulatedClock {
  const reading = { ...start };
  let last: number | undefined;
  const tick = () => {
    const now = wallClock.now().getTime();
    const elapsed = Math.min(Math.max(0, now - (last ?? now)), maxTickMs);
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
