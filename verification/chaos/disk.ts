import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '#lib/errors.ts';
import { type Following, whileFollowing } from './following.ts';
import { withBench } from './lab.ts';
import { type OwnServer, withOwnServer } from './own-server.ts';
import type { ChaosContext, ChaosOutcome, ChaosPart } from './part.ts';
import { makeFiles } from './world.ts';

const SIZE = '300m';
const FULL_FOR_MS = 4000;

/** The disk of Postgres filled to its last byte under a run at work, then freed. */
export const disk: ChaosPart = {
  goal: 'a full disk stops the run cleanly; with space it goes on without a command, nothing is lost or repeated',
  times: 5,
  short: 0,
  run: async (context) => {
    const directory = mkdtempSync(join(tmpdir(), 'caspers-chaos-disk-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=755`, 'tmpfs', directory], {
        stdio: 'pipe',
      });
    } catch (error) {
      rmdirSync(directory);
      return { figures: {}, problems: [], skipped: `no small disk can be mounted here: ${messageOf(error)}` };
    }
    try {
      return await withOwnServer((server) => fillUp(context, server, directory), directory);
    } finally {
      execFileSync('umount', [directory]);
      rmdirSync(directory);
    }
  },
};

async function fillUp(context: ChaosContext, server: OwnServer, directory: string): Promise<ChaosOutcome> {
  const files = makeFiles(context.seed, context.times * 120, 60);
  let noticed = 0;
  const problems = await withBench(server.lab, (bench) =>
    whileFollowing(bench, files, bench.url, async (following) => {
      const found: string[] = [];
      for (let n = 0; n < context.times && !context.signal.aborted; n += 1) {
        const before = following.run.said();
        const resumed = await fillOnce(server, following, join(directory, 'ballast'));
        if (resumed === undefined) found.push(`full disk ${n}: not caught up with space again`);
        if (/space|disk|recovery|terminat/i.test(following.run.said().slice(before.length))) noticed += 1;
        context.say(`full disk ${n + 1}: went on after ${resumed?.toFixed(1) ?? 'over 60'} s`);
      }
      return found;
    }),
  );
  const unnoticed = noticed === 0 ? ['the disk was never full for the run: nothing was tried'] : [];
  return { figures: { fills: context.times, noticed }, problems: [...problems, ...unnoticed] };
}

async function fillOnce(
  server: OwnServer,
  { drop, catchUp }: Following,
  ballast: string,
): Promise<number | undefined> {
  await drop(2);
  fill(ballast);
  await drop(20);
  await wait(FULL_FOR_MS);
  rmSync(ballast);
  // What the supervisor does where the full disk has ended the server itself.
  if (!server.isUp()) await server.start();
  return catchUp(60);
}

function fill(path: string): void {
  const file = openSync(path, 'w');
  for (const size of [1 << 20, 1 << 14, 512]) {
    let more = true;
    while (more) more = write(file, size);
  }
  closeSync(file);
}

function write(file: number, size: number): boolean {
  try {
    return writeSync(file, Buffer.alloc(size)) === size;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return false;
    throw error;
  }
}
