import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'drizzle-orm/sql';
import { integer as integerColumn } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { integer, stream } from '#lib/random.ts';
import { writeFileAtomically } from '#lib/volume/index.ts';
import { checkLakehouse } from '../sandbox/check-lakehouse.ts';
import type { Experiment, ExperimentContext, Outcome } from '../sandbox/experiment.ts';
import { type EventFileContent, makeFiles } from '../sandbox/make-events.ts';
import { type CommandProcess, countIngestedFiles, startPipeline } from '../sandbox/run-commands.ts';
import { type Sandbox, withSandbox } from '../sandbox/sandbox.ts';

const FILES_PER_KILL = 6;
const GOAL_SECONDS = 5;
const LIMIT_SECONDS = 30;
/** With so few kills the time says nothing; the tests check only the data. */
const FEW = 5;

type Replacement = {
  sandbox: Sandbox;
  leader: CommandProcess;
  standby: CommandProcess;
  files: readonly EventFileContent[];
};

/** SIGKILL for the pipeline that writes while another one waits for its lease. */
export const takeovers: Experiment = {
  goal: 'a pipeline that is killed is replaced within 5 s by the one that waits, nothing is lost or repeated',
  times: 20,
  timesInTests: 2,
  run: (context) => withSandbox(context.server, (sandbox) => replaceRepeatedly(context, sandbox)),
};

async function replaceRepeatedly(
  { seed, times, signal, say }: ExperimentContext,
  sandbox: Sandbox,
): Promise<Outcome> {
  const files = makeFiles(seed, times * 20, 40);
  const start = () =>
    startPipeline(sandbox.url, ['--continuous', '--volume', sandbox.volume, '--max-files', '1']);
  const problems: string[] = [];
  const seconds: number[] = [];
  let leader = start();
  try {
    await untilTrue(async () => (await readEpoch(sandbox)) > 0);
    for (let n = 0; n < times && !signal.aborted && problems.length === 0; n += 1) {
      const standby = start();
      const some = files.slice(n * FILES_PER_KILL, (n + 1) * FILES_PER_KILL);
      const delayMs = integer(stream(seed, 'kill', n), 0, 300);
      const taken = await replace({ sandbox, leader, standby, files: some }, delayMs);
      leader = standby;
      seconds.push(taken ?? LIMIT_SECONDS);
      problems.push(
        ...(taken === undefined
          ? [`kill ${n}: not replaced in ${LIMIT_SECONDS} s: ${standby.output()}`]
          : []),
      );
      say(`kill ${n + 1}: replaced after ${taken} s`);
    }
    const all = seconds.length * FILES_PER_KILL;
    const done = await untilTrue(async () => (await countIngestedFiles(sandbox.db.pool)) === all);
    if (done === undefined)
      problems.push(`the last one has not ingested all ${all} files: ${leader.output()}`);
  } finally {
    await leader.kill();
  }
  const slowest = Math.max(...seconds);
  if (times > FEW && slowest > GOAL_SECONDS) problems.push(`the slowest replacement took ${slowest} s`);
  const meanSeconds = Math.round((seconds.reduce((sum, one) => sum + one, 0) / seconds.length) * 100) / 100;
  const figures = { kills: seconds.length, slowestSeconds: slowest, meanSeconds };
  return { figures, problems: [...problems, ...(await checkLakehouse(sandbox))] };
}

/** @returns the seconds from the kill to the epoch of the next writer. */
async function replace(
  { sandbox, leader, standby, files }: Replacement,
  delayMs: number,
): Promise<number | undefined> {
  await untilTrue(async () => standby.output().includes('Another pipeline is at work'));
  const epoch = await readEpoch(sandbox);
  for (const { name, content } of files) await writeFileAtomically(sandbox.volume, name, content);
  await wait(delayMs);
  leader.child.kill('SIGKILL');
  const seconds = await untilTrue(async () => (await readEpoch(sandbox)) > epoch);
  await leader.ended;
  return seconds;
}

const getEpoch = statement({
  returns: { epoch: integerColumn },
  sql: () => sql`select batch_id::integer as epoch from lakeflow.checkpoints where name = 'writer'`,
});

async function readEpoch({ db }: Sandbox): Promise<number> {
  const [row] = await getEpoch(db.pool, {});
  return row?.epoch ?? 0;
}

/** @returns the seconds until the check was true, or undefined after the limit. */
async function untilTrue(check: () => Promise<boolean>): Promise<number | undefined> {
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 10) / 100;
  while (seconds() < LIMIT_SECONDS) {
    if (await check()) return seconds();
    await wait(20);
  }
  return undefined;
}
