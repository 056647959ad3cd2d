import { setTimeout as wait } from 'node:timers/promises';
import { integer, type Source, stream } from '#lib/random.ts';
import { writeFileAtomically } from '#lib/volume/index.ts';
import { judge } from './judge.ts';
import { type Bench, withBench } from './lab.ts';
import type { ChaosContext, ChaosPart } from './part.ts';
import { drainToEnd, startPipeline } from './run-pipeline.ts';
import { type EventFileContent, makeFiles } from './world.ts';

const round = { orders: 1540, linesPerFile: 50 };
const START_MS = 1500;
const PATIENCE_MS = 10_000;

/** SIGKILL at random moments: half of them while it starts and works, half right after a batch of its life. */
export const kills: ChaosPart = {
  goal: 'a pipeline killed at any moment loses and repeats nothing, and its next start goes on',
  times: 200,
  short: 4,
  run: async (context) => {
    const problems: string[] = [];
    let killed = 0;
    let events = 0;
    for (let turn = 0; killed < context.times && !context.signal.aborted; turn += 1) {
      const small = context.times < 20;
      const files = makeFiles(context.seed + turn, small ? 200 : round.orders, round.linesPerFile);
      const done = await withBench(context.lab, (bench) => runRound(context, bench, files, killed));
      killed = done.killed;
      events += files.reduce((sum, { content }) => sum + content.split('\n').length - 1, 0);
      problems.push(...done.problems.map((problem) => `round ${turn}: ${problem}`));
    }
    return { figures: { kills: killed, events }, problems };
  },
};

async function runRound(
  { seed, times, signal, say }: ChaosContext,
  bench: Bench,
  files: readonly EventFileContent[],
  before: number,
): Promise<{ killed: number; problems: string[] }> {
  for (const { name, content } of files) await writeFileAtomically(bench.volume, name, content);
  let killed = before;
  while (killed < times && !signal.aborted && (await countTaken(bench)) < files.length) {
    await killOne(bench, stream(seed, 'kill', killed));
    killed += 1;
    if (killed % 25 === 0) say(`${killed} kills`);
  }
  const problems = await drainToEnd(bench.url, bench.volume);
  return { killed, problems: [...problems, ...(await judge(bench))] };
}

async function killOne({ url, volume }: Bench, random: Source): Promise<void> {
  const maxFiles = String(integer(random, 1, 4));
  const run = startPipeline(url, ['--continuous', '--volume', volume, '--max-files', maxFiles]);
  if (random() < 0.5) await wait(random() * START_MS);
  else {
    const batches = integer(random, 1, 6);
    const patience = AbortSignal.timeout(PATIENCE_MS);
    // The volume may be drained before so many batches were written.
    while (run.batches() < batches && run.child.exitCode === null && !patience.aborted) await wait(2);
    await wait(random() * 40);
  }
  run.child.kill('SIGKILL');
  await run.ended;
}

/** The files that the ledger has. */
export async function countTaken({ db }: Bench): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(
    'select count(*)::integer as n from lakeflow.ingested_files',
  );
  return rows[0]?.n ?? 0;
}
