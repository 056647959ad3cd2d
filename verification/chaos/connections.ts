import { setTimeout as wait } from 'node:timers/promises';
import { integer, stream } from '#lib/random.ts';
import { whileFollowing } from './following.ts';
import { withBench } from './lab.ts';
import type { ChaosPart } from './part.ts';
import { makeFiles } from './world.ts';

const storm = `
select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and application_name like 'caspers pipeline%'`;

/** Storms that end every connection of the run, three in a row a moment apart. */
export const connections: ChaosPart = {
  goal: 'connections ended by the server: the same run connects again, nothing is lost or repeated',
  times: 20,
  short: 2,
  run: (context) =>
    withBench(context.lab, async (bench) => {
      const files = makeFiles(context.seed, context.times * 20, 40);
      let ended = 0;
      const problems = await whileFollowing(bench, files, bench.url, async ({ drop, catchUp }) => {
        const found: string[] = [];
        for (let n = 0; n < context.times && !context.signal.aborted; n += 1) {
          const random = stream(context.seed, 'storm', n);
          await drop(6);
          for (let gust = 0; gust < 3; gust += 1) {
            await wait(integer(random, 0, 800));
            ended += (await bench.db.pool.query(storm)).rowCount ?? 0;
          }
          if ((await catchUp(30)) === undefined) found.push(`storm ${n}: not caught up in 30 s`);
        }
        return found;
      });
      return { figures: { storms: context.times, connections: ended }, problems };
    }),
};
