import { setTimeout as wait } from 'node:timers/promises';
import { writeFileAtomically } from '#lib/volume/index.ts';
import { judge } from './judge.ts';
import { countTaken } from './kills.ts';
import type { Bench } from './lab.ts';
import { type PipelineProcess, startPipeline } from './run-pipeline.ts';
import type { EventFileContent } from './world.ts';

/** A continuous run over a volume that fills up; nobody starts it again whatever happens. */
export type Following = {
  run: PipelineProcess;
  /** Writes the next so many files. */
  drop(count: number): Promise<void>;
  /** Waits until every written file is taken. @returns the seconds, or undefined where `limitSeconds` passed. */
  catchUp(limitSeconds: number): Promise<number | undefined>;
};

/**
 * Lets one continuous run follow while `work` does its harm, then drops the rest of the files and judges.
 * @param url where the run finds the database, which may be another way there than the bench's own.
 */
export async function whileFollowing(
  bench: Bench,
  files: readonly EventFileContent[],
  url: string,
  work: (following: Following) => Promise<string[]>,
): Promise<string[]> {
  const run = startPipeline(url, ['--continuous', '--volume', bench.volume, '--max-files', '2']);
  let dropped = 0;
  const drop = async (count: number) => {
    for (const { name, content } of files.slice(dropped, dropped + count))
      await writeFileAtomically(bench.volume, name, content);
    dropped = Math.min(dropped + count, files.length);
  };
  const catchUp = (limitSeconds: number) => untilTaken(bench, run, () => dropped, limitSeconds);
  try {
    // Before it works, its death is its supervisor's affair.
    await drop(1);
    if ((await catchUp(60)) === undefined) return [`it never began: ${run.said()}`];
    const problems = await work({ run, drop, catchUp });
    await drop(files.length);
    const ended = (await catchUp(90)) === undefined ? [`it has not caught up at the end: ${run.said()}`] : [];
    return [...problems, ...ended, ...(await stop(run)), ...(await judge(bench))];
  } finally {
    run.child.kill('SIGKILL');
    await run.ended;
  }
}

async function untilTaken(
  bench: Bench,
  run: PipelineProcess,
  dropped: () => number,
  limitSeconds: number,
): Promise<number | undefined> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  while (seconds() < limitSeconds && run.child.exitCode === null) {
    // The server may be down at this moment.
    const taken = await countTaken(bench).catch(() => -1);
    if (taken >= dropped()) return seconds();
    await wait(20);
  }
  return undefined;
}

async function stop(run: PipelineProcess): Promise<string[]> {
  run.child.kill('SIGTERM');
  const { code, signal } = await run.ended;
  return code === 0 ? [] : [`the run ended with ${code ?? signal}: ${run.said()}`];
}
