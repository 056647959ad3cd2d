import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { hasCode } from '#lib/errors.ts';

/** A process number with the time at which that process started, since the system gives numbers out again. */
export type ProcessIdentity = { pid: number; startedAt: string };

const BOOT_ID = '/proc/sys/kernel/random/boot_id';

/** The identity of a running process; undefined if no process has that number. A zombie does not count. */
export function processIdentity(pid: number): ProcessIdentity | undefined {
  const startedAt = existsSync(BOOT_ID) ? startTimeFromProc(pid) : startTimeFromPs(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** Whether this very process is still running. */
export function isAlive(identity: ProcessIdentity): boolean {
  return processIdentity(identity.pid)?.startedAt === identity.startedAt;
}

function startTimeFromProc(pid: number): string | undefined {
  const stat = readProcessStat(pid);
  if (stat === undefined) return undefined;
  // The name in parentheses may hold spaces; after it come the state and, 19 fields on, the start in clock ticks.
  const fields = stat.replace(/^.*\) /s, '').split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return `${readFileSync(BOOT_ID, 'utf8').trim()} ${fields[19]}`;
}

function readProcessStat(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH')) return undefined;
    throw error;
  }
}

function startTimeFromPs(pid: number): string | undefined {
  const { status, stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return status === 0 && stdout.trim() !== '' ? stdout.trim() : undefined;
}
