import { setTimeout as wait } from 'node:timers/promises';
import { writeFileAtomically } from '#lib/volume/index.ts';
import { checkLakehouse } from './check-lakehouse.ts';
import type { EventFileContent } from './make-events.ts';
import { type CommandProcess, countIngestedFiles, startPipeline } from './run-commands.ts';
import type { Sandbox } from './sandbox.ts';

/** A continuous pipeline on a volume that receives files; it is not restarted, whatever happens. */
export type ContinuousRun = {
  pipeline: CommandProcess;
  /** Writes the next files. */
  write(count: number): Promise<void>;
  /** Waits until every written file is ingested. @returns the seconds, or undefined after `limitSeconds`. */
  catchUp(limitSeconds: number): Promise<number | undefined>;
};

/**
 * Runs one continuous pipeline while `injectFaults` works, then writes the rest of the files and checks the lakehouse.
 * @param url how the pipeline reaches the database, which may differ from the sandbox's own URL.
 */
export async function withContinuousRun(
  sandbox: Sandbox,
  files: readonly EventFileContent[],
  url: string,
  injectFaults: (run: ContinuousRun) => Promise<string[]>,
): Promise<string[]> {
  const pipeline = startPipeline(url, ['--continuous', '--volume', sandbox.volume, '--max-files', '2']);
  let written = 0;
  const write = async (count: number) => {
    for (const { name, content } of files.slice(written, written + count))
      await writeFileAtomically(sandbox.volume, name, content);
    written = Math.min(written + count, files.length);
  };
  const catchUp = (limitSeconds: number) => untilIngested(sandbox, pipeline, () => written, limitSeconds);
  try {
    // A pipeline that fails before its first batch would be restarted by its supervisor, so faults come after it.
    await write(1);
    if ((await catchUp(60)) === undefined) return [`it never began: ${pipeline.output()}`];
    const problems = await injectFaults({ pipeline, write, catchUp });
    await write(files.length);
    const isBehind = (await catchUp(90)) === undefined;
    return [
      ...problems,
      ...(isBehind ? [`it has not caught up at the end: ${pipeline.output()}`] : []),
      ...(await stop(pipeline)),
      ...(await checkLakehouse(sandbox)),
    ];
  } finally {
    await pipeline.kill();
  }
}

async function untilIngested(
  { db }: Sandbox,
  pipeline: CommandProcess,
  written: () => number,
  limitSeconds: number,
): Promise<number | undefined> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  while (seconds() < limitSeconds && pipeline.child.exitCode === null) {
    // The server may be down at this moment.
    const ingested = await countIngestedFiles(db.pool).catch(() => -1);
    if (ingested >= written()) return seconds();
    await wait(20);
  }
  return undefined;
}

async function stop(pipeline: CommandProcess): Promise<string[]> {
  pipeline.child.kill('SIGTERM');
  const { code, signal } = await pipeline.ended;
  return code === 0 ? [] : [`the pipeline ended with ${code ?? signal}: ${pipeline.output()}`];
}
