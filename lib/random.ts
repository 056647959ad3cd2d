import { createHash } from 'node:crypto';
import { randomBeta, randomExponential, randomNormal } from 'd3-random';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** Uniform random numbers in [0, 1), like Math.random; also the source of the d3-random distributions. */
export type Source = () => number;

/**
 * A stream of random numbers that depends on `seed` and `keys` alone. Use one stream per purpose, so that an additional
 * number in one of them does not change the others.
 */
export function stream(seed: number, ...keys: (string | number)[]): Source {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, ...keys]))
    .digest();
  const state = [0, 4, 8, 12].map((offset) => digest.readInt32BE(offset));
  const generator = xoroshiro128plusFromState(state);
  // 53 bits: the 21 high bits of one number and the 32 bits of the next.
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

/** One of `values`, all equally likely; `values` is not empty. */
export function pick<Value>(source: Source, values: readonly Value[]): Value {
  return values[Math.floor(source() * values.length)] as Value;
}
