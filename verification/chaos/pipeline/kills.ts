import { setTimeout as wait } from 'node:timers/promises';
import { integer, type Source, stream } from '#lib/random.ts';
import { writeFileAtomically } from '#lib/volume/index.ts';
import { checkLakehouse } from '../sandbox/check-lakehouse.ts';
import type { Experiment, ExperimentContext } from '../sandbox/experiment.ts';
import { type EventFileContent, makeFiles } from '../sandbox/make-events.ts';
import { countIngestedFiles, drainVolume, startPipeline } from '../sandbox/run-commands.ts';
import { type Sandbox, withSandbox } from '../sandbox/sandbox.ts';

const LINES_PER_FILE = 50;
/** The orders of one round, in a short experiment and in a long one. */
const ROUND = { few: 200, many: 1540 };
const MAX_START_MS = 1500;
const MAX_WAIT_MS = 10_000;

/** SIGKILL at random moments: half of them during the start and the first batch, half right after a batch. */
export const kills: Experiment = {
  goal: 'a pipeline killed at any moment loses and repeats nothing, and its next start continues',
  times: 200,
  timesInTests: 4,
  run: async (context) => {
    const problems: string[] = [];
    let killed = 0;
    let events = 0;
    for (let round = 0; killed < context.times && !context.signal.aborted; round += 1) {
      const orders = context.times < 20 ? ROUND.few : ROUND.many;
      const files = makeFiles(context.seed + round, orders, LINES_PER_FILE);
      const done = await withSandbox(context.server, (sandbox) => runRound(context, sandbox, files, killed));
      killed = done.killed;
      events += files.reduce((sum, { content }) => sum + content.split('\n').length - 1, 0);
      problems.push(...done.problems.map((problem) => `round ${round}: ${problem}`));
    }
    return { figures: { kills: killed, events }, problems };
  },
};

async function runRound(
  { seed, times, signal, say }: ExperimentContext,
  sandbox: Sandbox,
  files: readonly EventFileContent[],
  killedBefore: number,
): Promise<{ killed: number; problems: string[] }> {
  for (const { name, content } of files) await writeFileAtomically(sandbox.volume, name, content);
  let killed = killedBefore;
  while (killed < times && !signal.aborted && (await countIngestedFiles(sandbox.db.pool)) < files.length) {
    await killOnce(sandbox, stream(seed, 'kill', killed));
    killed += 1;
    if (killed % 25 === 0) say(`${killed} kills`);
  }
  const problems = await drainVolume(sandbox.url, sandbox.volume);
  return { killed, problems: [...problems, ...(await checkLakehouse(sandbox))] };
}

async function killOnce({ url, volume }: Sandbox, random: Source): Promise<void> {
  const maxFiles = String(integer(random, 1, 4));
  const run = startPipeline(url, ['--continuous', '--volume', volume, '--max-files', maxFiles]);
  if (random() < 0.5) await wait(random() * MAX_START_MS);
  else {
    const batches = integer(random, 1, 6);
    const timeout = AbortSignal.timeout(MAX_WAIT_MS);
    // The volume may be drained after fewer batches.
    while (run.batches() < batches && run.child.exitCode === null && !timeout.aborted) await wait(2);
    await wait(random() * 40);
  }
  await run.kill();
}
