import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What a running server writes about itself. */
export type ServerProcess = { pid: number; port: number; ready: boolean };

/** The server that runs on a data directory, or undefined. A file that a crash left behind is ignored. */
export function findServer(data: string): ServerProcess | undefined {
  const lines = readIfExists(join(data, 'postmaster.pid')).split('\n');
  const pid = Number(lines[0]);
  if (!pid || !isAlive(pid) || !servesData(pid, data)) return undefined;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}

/**
 * Cleans up after a crash: ends the processes of a server whose postmaster was killed, and removes a postmaster.pid
 * whose id now belongs to a zombie or to an unrelated process, which Postgres cannot distinguish from a live server.
 */
export function cleanUpAfterCrash(data: string): void {
  const path = join(data, 'postmaster.pid');
  const before = readIfExists(path);
  if (!before || findServer(data)) return;
  const orphans = processesIn(data);
  for (const pid of orphans) endOrphan(pid);
  const foreign = isAlive(Number(before.split('\n')[0]));
  if (foreign && orphans.length === 0 && readIfExists(path) === before) rmSync(path);
}

/** Whether a process with this id exists, even as a zombie. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The command line of a postmaster names its data directory; a zombie has no command line. */
function servesData(pid: number, data: string): boolean {
  if (!existsSync('/proc/self/cmdline')) return true;
  return readIfExists(`/proc/${pid}/cmdline`).split('\0').includes(data);
}

/** The processes whose working directory is the data directory, as with every process of Postgres; empty without /proc. */
function processesIn(data: string): number[] {
  if (!existsSync('/proc/self/cwd')) return [];
  const pids = readdirSync('/proc').map(Number).filter(Boolean);
  return pids.filter((pid) => workingDirectory(pid) === data);
}

function workingDirectory(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    // It ended, or it is another user's.
    return undefined;
  }
}

function readIfExists(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
}

function endOrphan(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
