import type { Clock } from '#lib/clock.ts';
import { keepVolumeClock } from '#lib/volume/index.ts';
import type { ClockReading } from './simulated-clock.ts';

/**
 * Announces the clock of a run beside its volume, before any event up to it is written. Where it follows the wall there
 * is nothing to announce. Calls queue up.
 */
export function createClockKeeper(volume: string, locations: string[], wall: Clock) {
  let kept: string | undefined;
  let queue = Promise.resolve();
  const keep = async ({ at, speed, paused }: ClockReading): Promise<void> => {
    const followsWall = speed === 'wall' && !paused && at <= wall.now().getTime();
    const clock = followsWall ? undefined : { at: new Date(at).toISOString(), speed, paused };
    const text = JSON.stringify(clock ?? null);
    if (text === kept) return;
    for (const location of locations) await keepVolumeClock(volume, location, clock);
    kept = text;
  };
  return (reading: ClockReading): Promise<void> => {
    queue = queue.then(() => keep(reading));
    return queue;
  };
}
