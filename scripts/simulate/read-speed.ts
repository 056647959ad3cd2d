import { InvalidArgumentError } from 'commander';
import type { Speed } from '#lib/simulator/index.ts';
import { LIMITS } from '#lib/simulator/index.ts';

/** Reads a speed such as 60, 60x or wall from the command line. @throws InvalidArgumentError where it is none. */
export function readSpeed(text: string): Speed {
  if (text === 'wall') return text;
  const factor = /^\d+(\.\d+)?[x×]?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (factor >= LIMITS.slowest && factor <= LIMITS.fastest) return factor;
  const range = `from ${LIMITS.slowest} to ${LIMITS.fastest.toLocaleString('en')}`;
  throw new InvalidArgumentError(`It must be a factor ${range} such as 60x, or wall.`);
}
