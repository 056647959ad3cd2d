import { createHash } from 'node:crypto';

const FIRST_DAY = 10_957; // 2000-01-01
const HALF = 2 ** 20;
const LIMITS = { location: 2 ** 8, day: 2 ** 15, number: 2 ** 17 };

/**
 * Creates order ids of 8 letters and digits. Location, day and number are packed into 40 bits and permuted with a key
 * from the seed, so ids of one seed never collide and consecutive ids look unrelated.
 * @throws RangeError for a location id over 255, more than 131,072 orders a day, or a day after the year 2089.
 */
export function createOrderIds(seed: number): (locationId: number, day: number, number: number) => string {
  const keys = createHash('sha256').update(`order ids ${seed}`).digest();
  const roundKeys = [0, 4, 8, 12].map((offset) => keys.readInt32BE(offset));
  return (locationId, day, number) => {
    const parts = { location: locationId, day: day - FIRST_DAY, number };
    for (const [name, limit] of Object.entries(LIMITS)) {
      const value = parts[name as keyof typeof LIMITS];
      if (value < 0 || value >= limit) throw new RangeError(`no order id for ${name} ${value}`);
    }
    const packed = (locationId * LIMITS.day + parts.day) * LIMITS.number + number;
    return permute(packed, roundKeys).toString(36).toUpperCase().padStart(8, '0');
  };
}

/** A Feistel network over two halves of 20 bits: a permutation for any `mix`. */
function permute(value: number, roundKeys: number[]): number {
  let left = Math.floor(value / HALF);
  let right = value % HALF;
  for (const key of roundKeys) [left, right] = [right, left ^ mix(right, key)];
  return left * HALF + right;
}

function mix(value: number, key: number): number {
  let hash = Math.imul(value ^ key, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 12;
}
