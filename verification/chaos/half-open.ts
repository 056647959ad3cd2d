import { setTimeout as wait } from 'node:timers/promises';
import { integer, stream } from '#lib/random.ts';
import { type Following, whileFollowing } from './following.ts';
import { withBench } from './lab.ts';
import type { ChaosPart } from './part.ts';
import { openProxy, type SilentWay } from './proxy.ts';
import { makeFiles } from './world.ts';

/** To notice the silence, to end the session that has not, and to go on where it was. */
const GOAL_SECONDS = 15;
const LIMIT_SECONDS = 150;

/** Connections that fall silent without an end, as when a cable is pulled. */
export const halfOpen: ChaosPart = {
  goal: 'a silent connection is noticed and given up: the same run goes on, nothing is lost or repeated',
  times: 5,
  short: 0,
  run: (context) =>
    withBench(context.lab, async (bench) => {
      const proxy = await openProxy(bench.url);
      const files = makeFiles(context.seed, context.times * 20, 40);
      const resumed: number[] = [];
      const problems = await whileFollowing(bench, files, proxy.url, async (following) => {
        for (let n = 0; n < context.times && !context.signal.aborted; n += 1) {
          resumed.push(await fallSilent(context.seed + n, proxy, following));
          context.say(`silence ${n + 1}: went on after ${resumed.at(-1)} s`);
        }
        const slow = resumed.filter((seconds) => seconds > GOAL_SECONDS);
        return slow.map((seconds) => `a silence was given up after ${seconds} s only`);
      }).finally(() => proxy.close());
      return { figures: { silences: resumed.length, slowestSeconds: Math.max(...resumed) }, problems };
    }),
};

/** @returns the seconds from the silence to all files' being taken, at most the limit. */
async function fallSilent(seed: number, proxy: SilentWay, { drop, catchUp }: Following): Promise<number> {
  await drop(3);
  await catchUp(LIMIT_SECONDS);
  await drop(3);
  await wait(integer(stream(seed, 'silence'), 0, 60));
  proxy.freeze();
  return Math.round((await catchUp(LIMIT_SECONDS)) ?? LIMIT_SECONDS);
}
