import { createHash } from 'node:crypto';
import { randomBeta, randomExponential, randomNormal } from 'd3-random';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** Uniform numbers in [0, 1), what Math.random would be; also the source of every d3-random distribution. */
export type Source = () => number;

/**
 * A stream of random numbers that depends on `seed` and `keys` alone: other keys, other numbers.
 * One stream per purpose, so that a draw more in one of them moves nothing in the others.
 */
export function stream(seed: number, ...keys: (string | number)[]): Source {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, ...keys]))
    .digest();
  const state = [0, 4, 8, 12].map((offset) => digest.readInt32BE(offset));
  const generator = xoroshiro128plusFromState(state);
  // 53 bits: 21 high ones of one draw and 32 of the next.
  return () => ((generator.next() >>> 11) * 4294967296 + (generator.next() >>> 0)) / 9007199254740992;
}

/** d3-random's distributions over one stream. */
export function distributions(source: Source) {
  return {
    normal: randomNormal.source(source),
    exponential: randomExponential.source(source),
    beta: randomBeta.source(source),
  };
}

/** An integer from `min` to `max`, both included. */
export function integer(source: Source, min: number, max: number): number {
  return min + Math.floor(source() * (max - min + 1));
}

/** One of `values`, which is not empty, all equally likely. */
export function pick<Value>(source: Source, values: readonly Value[]): Value {
  return values[Math.floor(source() * values.length)] as Value;
}
