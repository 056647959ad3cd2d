import type { Source } from '#lib/random.ts';

const SIZE = 32;

/**
 * Smooth noise over the plane: numbers from -1 to 1 on a lattice, blended between its points with sums and products
 * alone, so that every machine gets the same bits. It repeats after 32 lattice points.
 */
export function createNoise(source: Source): (x: number, y: number) => number {
  const lattice = Float64Array.from({ length: SIZE * SIZE }, () => 2 * source() - 1);
  const at = (x: number, y: number) => lattice[(y & (SIZE - 1)) * SIZE + (x & (SIZE - 1))] ?? 0;
  return (x, y) => {
    const [left, below] = [Math.floor(x), Math.floor(y)];
    const [right, up] = [ease(x - left), ease(y - below)];
    const low = blend(at(left, below), at(left + 1, below), right);
    return blend(low, blend(at(left, below + 1), at(left + 1, below + 1), right), up);
  };
}

const ease = (share: number) => share * share * (3 - 2 * share);
const blend = (from: number, to: number, share: number) => from + (to - from) * share;
