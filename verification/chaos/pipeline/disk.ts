import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { hasCode, messageOf } from '#lib/errors.ts';
import { type ContinuousRun, withContinuousRun } from '../sandbox/continuous-run.ts';
import type { Experiment, ExperimentContext, Outcome } from '../sandbox/experiment.ts';
import { makeFiles } from '../sandbox/make-events.ts';
import { type OwnServer, withOwnServer } from '../sandbox/own-server.ts';
import { withSandbox } from '../sandbox/sandbox.ts';

const DISK_SIZE = '300m';
const FULL_FOR_MS = 4000;

/** The disk of Postgres is filled to its last byte while a pipeline works, then freed. */
export const disk: Experiment = {
  goal: 'a full disk stops the run cleanly; with free space it continues by itself, nothing is lost or repeated',
  times: 5,
  timesInTests: 0,
  run: async (context) => {
    const directory = mkdtempSync(join(tmpdir(), 'caspers-chaos-disk-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_SIZE},mode=755`, 'tmpfs', directory], {
        stdio: 'pipe',
      });
    } catch (error) {
      rmdirSync(directory);
      return {
        figures: {},
        problems: [],
        skipped: `a small disk cannot be mounted here: ${messageOf(error)}`,
      };
    }
    try {
      return await withOwnServer((server) => fillRepeatedly(context, server, directory), directory);
    } finally {
      execFileSync('umount', [directory]);
      rmdirSync(directory);
    }
  },
};

async function fillRepeatedly(
  context: ExperimentContext,
  server: OwnServer,
  directory: string,
): Promise<Outcome> {
  const files = makeFiles(context.seed, context.times * 120, 60);
  let noticed = 0;
  const problems = await withSandbox(server.sandboxes, (sandbox) =>
    withContinuousRun(sandbox, files, sandbox.url, async (run) => {
      const found: string[] = [];
      for (let n = 0; n < context.times && !context.signal.aborted; n += 1) {
        const before = run.pipeline.output();
        const seconds = await fillOnce(server, run, join(directory, 'ballast'));
        if (seconds === undefined) found.push(`full disk ${n}: not caught up after space was freed`);
        if (/space|disk|recovery|terminat/i.test(run.pipeline.output().slice(before.length))) noticed += 1;
        context.say(`full disk ${n + 1}: caught up after ${seconds?.toFixed(1) ?? 'over 60'} s`);
      }
      return found;
    }),
  );
  const unnoticed = noticed === 0 ? ['the pipeline never met a full disk, so nothing was tested'] : [];
  return { figures: { fills: context.times, noticed }, problems: [...problems, ...unnoticed] };
}

async function fillOnce(
  server: OwnServer,
  { write, catchUp }: ContinuousRun,
  ballast: string,
): Promise<number | undefined> {
  await write(2);
  fillDisk(ballast);
  await write(20);
  await wait(FULL_FOR_MS);
  rmSync(ballast);
  // The full disk may have ended the server; the supervisor would start it again.
  if (!server.isUp()) await server.start();
  return catchUp(60);
}

/** Writes ever smaller pieces until not even one sector fits. */
function fillDisk(path: string): void {
  const file = openSync(path, 'w');
  for (const size of [1 << 20, 1 << 14, 512]) {
    let hasSpace = true;
    while (hasSpace) hasSpace = tryWrite(file, size);
  }
  closeSync(file);
}

function tryWrite(file: number, size: number): boolean {
  try {
    return writeSync(file, Buffer.alloc(size)) === size;
  } catch (error) {
    if (hasCode(error, 'ENOSPC')) return false;
    throw error;
  }
}
