import { beforeAll, expect, inject, test } from 'vitest';
import { integer, stream } from '#lib/random.ts';
import { type ExperimentName, experiments } from './run-chaos.ts';
import { prepareServer, type SandboxServer } from './sandbox/sandbox.ts';

let server: SandboxServer;
beforeAll(async () => {
  server = await prepareServer(inject('testServer').url);
});

/** The experiments that can be short; `npm run chaos` runs all of them, and for longer. */
const short: ExperimentName[] = [
  'mutations',
  'deliveries',
  'connections',
  'failpoints',
  'kills',
  'takeovers',
  'facts',
  'sync-kills',
  'decisions',
  'linearizable',
  'passwords',
];

test.each(short)('after %s nothing is lost, repeated or changed', { timeout: 600_000 }, async (name) => {
  const seed = integer(() => stream(process.pid, name)(), 0, 1_000_000);
  const { goal, timesInTests, run } = experiments[name];
  const signal = new AbortController().signal;
  const { problems } = await run({
    server,
    seed,
    times: timesInTests,
    seconds: 3,
    signal,
    say: () => undefined,
  });
  expect(problems, `${goal}; npm run chaos -- --only ${name} --seed ${seed}`).toEqual([]);
});
