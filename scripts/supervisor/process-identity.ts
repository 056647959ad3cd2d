import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { hasCode } from './has-code.ts';

/** A process for certain: a number alone may belong to another one by now. */
export type ProcessIdentity = { pid: number; startedAt: string };

const BOOT = '/proc/sys/kernel/random/boot_id';

/** Identifies a living process; undefined where there is none of that number (a zombie counts as none). */
export function identify(pid: number): ProcessIdentity | undefined {
  const startedAt = existsSync(BOOT) ? startTimeOfLinux(pid) : startTimeOfPs(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** Whether exactly this process still lives. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startedAt === identity.startedAt;
}

function startTimeOfLinux(pid: number): string | undefined {
  const stat = readProcessStatus(pid);
  if (stat === undefined) return undefined;
  // The name in parentheses may hold spaces; after it come the state and, 19 fields on, the start in ticks.
  const fields = stat.replace(/^.*\) /s, '').split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return `${readFileSync(BOOT, 'utf8').trim()} ${fields[19]}`;
}

function readProcessStatus(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH')) return undefined;
    throw error;
  }
}

function startTimeOfPs(pid: number): string | undefined {
  const { status, stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return status === 0 && stdout.trim() !== '' ? stdout.trim() : undefined;
}
