import { setTimeout as wait } from 'node:timers/promises';
import { integer, stream } from '#lib/random.ts';
import { writeFileAtomically } from '#lib/volume/index.ts';
import { judge } from './judge.ts';
import { countTaken } from './kills.ts';
import { type Bench, withBench } from './lab.ts';
import type { ChaosContext, ChaosPart } from './part.ts';
import { type PipelineProcess, startPipeline } from './run-pipeline.ts';
import { type EventFileContent, makeFiles } from './world.ts';

const FILES_EACH = 6;
const GOAL_SECONDS = 5;
const LIMIT_SECONDS = 30;
/** So few say nothing of time: the short form is for the outcome. */
const FEW = 5;

type Turn = {
  bench: Bench;
  leader: PipelineProcess;
  next: PipelineProcess;
  files: readonly EventFileContent[];
};

/** SIGKILL for the pipeline that leads, in the middle of its work, while another one waits for its place. */
export const takeovers: ChaosPart = {
  goal: 'a leader that is killed is replaced within 5 s by the one that waits, nothing is lost or repeated',
  times: 20,
  short: 2,
  run: (context) => withBench(context.lab, (bench) => takeTurns(context, bench)),
};

async function takeTurns({ seed, times, signal, say }: ChaosContext, bench: Bench) {
  const files = makeFiles(seed, times * 20, 40);
  const start = () =>
    startPipeline(bench.url, ['--continuous', '--volume', bench.volume, '--max-files', '1']);
  const problems: string[] = [];
  const seconds: number[] = [];
  let leader = start();
  try {
    await within(async () => (await readEpoch(bench)) > 0);
    for (let n = 0; n < times && !signal.aborted && problems.length === 0; n += 1) {
      const next = start();
      const some = files.slice(n * FILES_EACH, (n + 1) * FILES_EACH);
      const taken = await replace(
        { bench, leader, next, files: some },
        integer(stream(seed, 'kill', n), 0, 300),
      );
      leader = next;
      seconds.push(taken ?? LIMIT_SECONDS);
      problems.push(
        ...(taken === undefined ? [`kill ${n}: not replaced in ${LIMIT_SECONDS} s: ${next.said()}`] : []),
      );
      say(`kill ${n + 1}: replaced after ${taken} s`);
    }
    const all = seconds.length * FILES_EACH;
    const done = await within(async () => (await countTaken(bench)) === all);
    problems.push(
      ...(done === undefined ? [`the last one has not taken all ${all} files: ${leader.said()}`] : []),
    );
  } finally {
    leader.child.kill('SIGKILL');
    await leader.ended;
  }
  const slowest = Math.max(...seconds);
  if (times > FEW && slowest > GOAL_SECONDS) problems.push(`the slowest was replaced after ${slowest} s`);
  const meanSeconds = Math.round((seconds.reduce((sum, one) => sum + one, 0) / seconds.length) * 100) / 100;
  const figures = { kills: seconds.length, slowestSeconds: slowest, meanSeconds };
  return { figures, problems: [...problems, ...(await judge(bench))] };
}

/** @returns the seconds from the kill to the epoch of the next leader. */
async function replace({ bench, leader, next, files }: Turn, delayMs: number): Promise<number | undefined> {
  await within(async () => next.said().includes('Another pipeline is at work'));
  const epoch = await readEpoch(bench);
  for (const { name, content } of files) await writeFileAtomically(bench.volume, name, content);
  await wait(delayMs);
  leader.child.kill('SIGKILL');
  const seconds = await within(async () => (await readEpoch(bench)) > epoch);
  await leader.ended;
  return seconds;
}

async function readEpoch({ db }: Bench): Promise<number> {
  const { rows } = await db.pool.query<{ epoch: number }>(
    `select batch_id::integer as epoch from lakeflow.checkpoints where name = 'writer'`,
  );
  return rows[0]?.epoch ?? 0;
}

/** @returns the seconds until it was so, or undefined where the limit passed. */
async function within(check: () => Promise<boolean>): Promise<number | undefined> {
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 10) / 100;
  while (seconds() < LIMIT_SECONDS) {
    if (await check()) return seconds();
    await wait(20);
  }
  return undefined;
}
