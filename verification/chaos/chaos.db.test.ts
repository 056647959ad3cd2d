import { beforeAll, expect, inject, test } from 'vitest';
import { integer, stream } from '#lib/random.ts';
import { type Lab, openLab } from './lab.ts';
import { type PartName, parts } from './parts.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab(inject('testServer').url);
});

/** The parts that are short enough; `npm run chaos` does all of them, and longer. */
const short: PartName[] = [
  'mutations',
  'deliveries',
  'connections',
  'failpoints',
  'kills',
  'takeovers',
  'sync-kills',
  'decisions',
  'linearizable',
];

test.each(short)('after %s nothing is lost, repeated or another cent', { timeout: 180_000 }, async (name) => {
  const seed = integer(() => stream(process.pid, name)(), 0, 1_000_000);
  const part = parts[name];
  const signal = new AbortController().signal;
  const { problems } = await part.run({ lab, seed, times: part.short, signal, say: () => undefined });
  expect(problems, `${part.goal}; npm run chaos -- --only ${name} --seed ${seed}`).toEqual([]);
});
