import { failpoints } from '#lib/pipeline/index.ts';
import { integer, stream } from '#lib/random.ts';
import { writeFileAtomically } from '#lib/volume/index.ts';
import { judge } from './judge.ts';
import { type Bench, withBench } from './lab.ts';
import type { ChaosContext, ChaosPart } from './part.ts';
import { drainToEnd, startPipeline } from './run-pipeline.ts';
import { makeFiles } from './world.ts';

const LINES = 60;
/** A run passes these once: before it reads the first file, and after it has drained the volume. */
const onlyOnce = [...failpoints.slice(0, failpoints.indexOf('after-read-files')), 'before-compact'];
const PATIENCE_MS = 90_000;
const SHORT = 8;

/** Death at every named point of a batch, once for each seed; the short form takes every eighth point. */
export const failpointKills: ChaosPart = {
  goal: 'a pipeline that dies at any named point of a batch loses and repeats nothing',
  times: 4,
  short: 0,
  run: async (context) => {
    const points = failpoints.filter((_, n) => context.times > 0 || n % SHORT === context.seed % SHORT);
    const problems: string[] = [];
    const seeds = Array.from({ length: Math.max(context.times, 1) }, (_, n) => context.seed + n);
    for (const seed of seeds) {
      const found = await withBench(context.lab, (bench) => dieAtEach({ ...context, seed }, bench, points));
      problems.push(...found.map((problem) => `seed ${seed}: ${problem}`));
      context.say(`${points.length} points with seed ${seed}`);
    }
    return {
      figures: { points: points.length, seeds: seeds.length, deaths: points.length * seeds.length },
      problems,
    };
  },
};

async function dieAtEach(
  { seed, signal }: ChaosContext,
  bench: Bench,
  points: readonly string[],
): Promise<string[]> {
  const random = stream(seed, 'failpoints');
  const files = makeFiles(seed, points.length * 15, LINES);
  for (const { name, content } of files) await writeFileAtomically(bench.volume, name, content);
  const problems: string[] = [];
  for (const point of points) {
    if (signal.aborted) break;
    const passing = onlyOnce.includes(point) ? 1 : integer(random, 1, 3);
    problems.push(...(await dieAt(bench, `${point}=kill@${passing}`)));
  }
  return [...problems, ...(await drainToEnd(bench.url, bench.volume)), ...(await judge(bench))];
}

async function dieAt({ url, volume }: Bench, armed: string): Promise<string[]> {
  const run = startPipeline(url, ['--continuous', '--volume', volume, '--max-files', '1'], armed);
  const timer = setTimeout(() => run.child.kill('SIGTERM'), PATIENCE_MS);
  const { code, signal } = await run.ended;
  clearTimeout(timer);
  return signal === 'SIGKILL'
    ? []
    : [`${armed} was not passed (ended with ${code ?? signal}): ${run.said()}`];
}
