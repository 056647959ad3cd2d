import { setTimeout as wait } from 'node:timers/promises';
import { integer, stream } from '#lib/random.ts';
import { type ContinuousRun, withContinuousRun } from '../sandbox/continuous-run.ts';
import type { Experiment } from '../sandbox/experiment.ts';
import { makeFiles } from '../sandbox/make-events.ts';
import { openProxy, type SilentProxy } from '../sandbox/proxy.ts';
import { withSandbox } from '../sandbox/sandbox.ts';

/** The time to notice the silence, to end the old session and to continue where it was. */
const GOAL_SECONDS = 15;
const LIMIT_SECONDS = 150;

/** Connections go silent without being closed, as when a cable is pulled. */
export const halfOpen: Experiment = {
  goal: 'a silent connection is noticed and given up: the same run continues, nothing is lost or repeated',
  times: 5,
  timesInTests: 0,
  run: (context) =>
    withSandbox(context.server, async (sandbox) => {
      const proxy = await openProxy(sandbox.url);
      const files = makeFiles(context.seed, context.times * 20, 40);
      const recoveries: number[] = [];
      const problems = await withContinuousRun(sandbox, files, proxy.url, async (run) => {
        for (let n = 0; n < context.times && !context.signal.aborted; n += 1) {
          recoveries.push(await freezeOnce(context.seed + n, proxy, run));
          context.say(`silence ${n + 1}: caught up after ${recoveries.at(-1)} s`);
        }
        const slow = recoveries.filter((seconds) => seconds > GOAL_SECONDS);
        return slow.map((seconds) => `recovery from a silent connection took ${seconds} s`);
      }).finally(() => proxy.close());
      return { figures: { silences: recoveries.length, slowestSeconds: Math.max(...recoveries) }, problems };
    }),
};

/** @returns the seconds from the silence until every file is ingested, at most the limit. */
async function freezeOnce(
  seed: number,
  proxy: SilentProxy,
  { write, catchUp }: ContinuousRun,
): Promise<number> {
  await write(3);
  await catchUp(LIMIT_SECONDS);
  await write(3);
  await wait(integer(stream(seed, 'silence'), 0, 60));
  proxy.freeze();
  return Math.round((await catchUp(LIMIT_SECONDS)) ?? LIMIT_SECONDS);
}
