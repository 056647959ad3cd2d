import { setTimeout as wait } from 'node:timers/promises';
import { integer, stream } from '#lib/random.ts';
import { type Following, whileFollowing } from './following.ts';
import { withBench } from './lab.ts';
import { type OwnServer, withOwnServer } from './own-server.ts';
import type { ChaosContext, ChaosPart } from './part.ts';
import { makeFiles } from './world.ts';

const FILES_EACH = 6;
const LIMIT_SECONDS = 30;

/** SIGKILL for the whole Postgres while a run is at work; the server comes back, the run goes on by itself. */
export const serverKills: ChaosPart = {
  goal: 'Postgres killed and started again: the same run goes on within 10 s, nothing is lost or repeated',
  times: 50,
  short: 0,
  run: (context) =>
    withOwnServer((server) =>
      withBench(server.lab, async (bench) => {
        const files = makeFiles(context.seed, context.times * 20, 40);
        const resumed: number[] = [];
        const problems = await whileFollowing(bench, files, bench.url, async (following) => {
          const found: string[] = [];
          for (let n = 0; n < context.times && !context.signal.aborted; n += 1) {
            const seconds = await killServer(context, server, following, n);
            if (seconds === undefined) found.push(`kill ${n}: not caught up in ${LIMIT_SECONDS} s`);
            else resumed.push(seconds);
          }
          return found;
        });
        const slowest = Math.max(...resumed);
        const slow = slowest > 10 ? [`the slowest resumption took ${slowest.toFixed(1)} s`] : [];
        const figures = {
          kills: resumed.length,
          slowestSeconds: round(slowest),
          meanSeconds: round(mean(resumed)),
        };
        return { figures, problems: [...problems, ...slow] };
      }),
    ),
};

/** @returns the seconds from the server's being back to all files' being taken. */
async function killServer(
  { seed, say }: ChaosContext,
  server: OwnServer,
  { drop, catchUp }: Following,
  n: number,
): Promise<number | undefined> {
  const random = stream(seed, 'server', n);
  await drop(FILES_EACH);
  await wait(integer(random, 0, 400));
  server.kill();
  await wait(integer(random, 0, 1500));
  await server.start();
  if ((n + 1) % 10 === 0) say(`${n + 1} kills of the server`);
  return catchUp(LIMIT_SECONDS);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const round = (value: number) => Math.round(value * 100) / 100;
