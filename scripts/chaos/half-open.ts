import { setTimeout as wait } from 'node:timers/promises';
import { integer, stream } from '#lib/random.ts';
import { whileFollowing } from './following.ts';
import { withBench } from './lab.ts';
import type { ChaosPart } from './part.ts';
import { openProxy } from './proxy.ts';
import { makeFiles } from './world.ts';

/** 15 s to notice the silence, 30 s until the lease of the frozen connection runs out, and some to work. */
const LIMIT_SECONDS = 50;

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
      const problems = await whileFollowing(bench, files, proxy.url, async ({ drop, catchUp }) => {
        const found: string[] = [];
        for (let n = 0; n < context.times && !context.signal.aborted; n += 1) {
          await drop(3);
          if ((await catchUp(30)) === undefined) found.push(`silence ${n}: did not work before it`);
          await drop(3);
          await wait(integer(stream(context.seed, 'silence', n), 0, 60));
          proxy.freeze();
          const seconds = await catchUp(LIMIT_SECONDS);
          if (seconds === undefined) found.push(`silence ${n}: not noticed in ${LIMIT_SECONDS} s`);
          else resumed.push(seconds);
          context.say(`silence ${n + 1}: ${seconds?.toFixed(1) ?? 'over'} s`);
        }
        return found;
      }).finally(() => proxy.close());
      return {
        figures: { silences: context.times, slowestSeconds: Math.round(Math.max(...resumed)) },
        problems,
      };
    }),
};
