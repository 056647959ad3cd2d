import { setTimeout as wait } from 'node:timers/promises';
import { integer, stream } from '#lib/random.ts';
import { withContinuousRun } from '../sandbox/continuous-run.ts';
import type { Experiment } from '../sandbox/experiment.ts';
import { makeFiles } from '../sandbox/make-events.ts';
import { withSandbox } from '../sandbox/sandbox.ts';

const terminateConnections = `
  select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid() and application_name like 'caspers pipeline%'`;

/** The server ends every connection of the pipeline, three times in a row a moment apart. */
export const connections: Experiment = {
  goal: 'connections ended by the server: the same run reconnects, nothing is lost or repeated',
  times: 20,
  timesInTests: 2,
  run: (context) =>
    withSandbox(context.server, async (sandbox) => {
      const files = makeFiles(context.seed, context.times * 20, 40);
      let ended = 0;
      const problems = await withContinuousRun(sandbox, files, sandbox.url, async ({ write, catchUp }) => {
        const found: string[] = [];
        for (let n = 0; n < context.times && !context.signal.aborted; n += 1) {
          const random = stream(context.seed, 'connections', n);
          await write(6);
          for (let attempt = 0; attempt < 3; attempt += 1) {
            await wait(integer(random, 0, 800));
            ended += (await sandbox.db.pool.query(terminateConnections)).rowCount ?? 0;
          }
          if ((await catchUp(30)) === undefined) found.push(`fault ${n}: not caught up in 30 s`);
        }
        return found;
      });
      return { figures: { faults: context.times, connections: ended }, problems };
    }),
};
