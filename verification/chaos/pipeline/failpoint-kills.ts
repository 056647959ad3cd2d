import { failpoints } from '#lib/pipeline/index.ts';
import { integer, stream } from '#lib/random.ts';
import { writeFileAtomically } from '#lib/volume/index.ts';
import { checkLakehouse } from '../sandbox/check-lakehouse.ts';
import type { Experiment, ExperimentContext } from '../sandbox/experiment.ts';
import { makeFiles } from '../sandbox/make-events.ts';
import { drainVolume, startPipeline } from '../sandbox/run-commands.ts';
import { type Sandbox, withSandbox } from '../sandbox/sandbox.ts';

const LINES_PER_FILE = 60;
/** A run passes these once: before it reads the first file, and after it has drained the volume. */
const passedOnce = [...failpoints.slice(0, failpoints.indexOf('after-read-files')), 'before-compact'];
const MAX_WAIT_MS = 90_000;
/** In the tests one point in eight is tried; which ones depends on the seed. */
const SAMPLE = 8;

/** The pipeline is killed at every named point of a batch, once for each seed. */
export const failpointKills: Experiment = {
  goal: 'a pipeline killed at any named point of a batch loses and repeats nothing',
  times: 4,
  timesInTests: 0,
  run: async (context) => {
    const points = failpoints.filter((_, n) => context.times > 0 || n % SAMPLE === context.seed % SAMPLE);
    const problems: string[] = [];
    const seeds = Array.from({ length: Math.max(context.times, 1) }, (_, n) => context.seed + n);
    for (const seed of seeds) {
      const found = await withSandbox(context.server, (sandbox) =>
        killAtEach({ ...context, seed }, sandbox, points),
      );
      problems.push(...found.map((problem) => `seed ${seed}: ${problem}`));
      context.say(`${points.length} points with seed ${seed}`);
    }
    return {
      figures: { points: points.length, seeds: seeds.length, kills: points.length * seeds.length },
      problems,
    };
  },
};

async function killAtEach(
  { seed, signal }: ExperimentContext,
  sandbox: Sandbox,
  points: readonly string[],
): Promise<string[]> {
  const random = stream(seed, 'failpoints');
  const files = makeFiles(seed, points.length * 15, LINES_PER_FILE);
  for (const { name, content } of files) await writeFileAtomically(sandbox.volume, name, content);
  const problems: string[] = [];
  for (const point of points) {
    if (signal.aborted) break;
    const passing = passedOnce.includes(point) ? 1 : integer(random, 1, 3);
    problems.push(...(await killAt(sandbox, `${point}=kill@${passing}`)));
  }
  return [
    ...problems,
    ...(await drainVolume(sandbox.url, sandbox.volume)),
    ...(await checkLakehouse(sandbox)),
  ];
}

async function killAt({ url, volume }: Sandbox, failpoint: string): Promise<string[]> {
  const run = startPipeline(url, ['--continuous', '--volume', volume, '--max-files', '1'], failpoint);
  const timer = setTimeout(() => run.child.kill('SIGTERM'), MAX_WAIT_MS);
  const { code, signal } = await run.ended;
  clearTimeout(timer);
  return signal === 'SIGKILL'
    ? []
    : [`${failpoint} was not reached (ended with ${code ?? signal}): ${run.output()}`];
}
