import { setTimeout as wait } from 'node:timers/promises';
import { integer, stream } from '#lib/random.ts';
import { type ContinuousRun, withContinuousRun } from '../sandbox/continuous-run.ts';
import type { Experiment, ExperimentContext } from '../sandbox/experiment.ts';
import { makeFiles } from '../sandbox/make-events.ts';
import { type OwnServer, withOwnServer } from '../sandbox/own-server.ts';
import { withSandbox } from '../sandbox/sandbox.ts';

const FILES_PER_KILL = 6;
const GOAL_SECONDS = 10;
const LIMIT_SECONDS = 30;

/** SIGKILL for all of Postgres while a pipeline works; the server is started again, the pipeline is not. */
export const serverKills: Experiment = {
  goal: 'Postgres killed and started again: the same run continues within 10 s, nothing is lost or repeated',
  times: 50,
  timesInTests: 0,
  run: (context) =>
    withOwnServer((server) =>
      withSandbox(server.sandboxes, async (sandbox) => {
        const files = makeFiles(context.seed, context.times * 20, 40);
        const recoveries: number[] = [];
        const problems = await withContinuousRun(sandbox, files, sandbox.url, async (run) => {
          const found: string[] = [];
          for (let n = 0; n < context.times && !context.signal.aborted; n += 1) {
            const seconds = await killOnce(context, server, run, n);
            if (seconds === undefined) found.push(`kill ${n}: not caught up in ${LIMIT_SECONDS} s`);
            else recoveries.push(seconds);
          }
          return found;
        });
        const slowest = Math.max(...recoveries);
        const slow = slowest > GOAL_SECONDS ? [`the slowest recovery took ${slowest.toFixed(1)} s`] : [];
        const figures = {
          kills: recoveries.length,
          slowestSeconds: round(slowest),
          meanSeconds: round(mean(recoveries)),
        };
        return { figures, problems: [...problems, ...slow] };
      }),
    ),
};

/** @returns the seconds from the server's restart until every file is ingested. */
async function killOnce(
  { seed, say }: ExperimentContext,
  server: OwnServer,
  { write, catchUp }: ContinuousRun,
  n: number,
): Promise<number | undefined> {
  const random = stream(seed, 'server', n);
  await write(FILES_PER_KILL);
  await wait(integer(random, 0, 400));
  server.kill();
  await wait(integer(random, 0, 1500));
  await server.start();
  if ((n + 1) % 10 === 0) say(`${n + 1} kills of the server`);
  return catchUp(LIMIT_SECONDS);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const round = (value: number) => Math.round(value * 100) / 100;
