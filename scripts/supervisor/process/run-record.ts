import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { hasCode } from '#lib/errors.ts';
import { acquireLock } from '../../cli/lock-file.mjs';
import { isAlive, type ProcessIdentity, processIdentity } from './process-identity.ts';

/** What `npm start` keeps in DATA_DIR/run.json, its lock, for the next start, `doctor` and `reset`. */
export type RunRecord = {
  supervisor: ProcessIdentity;
  /** The address of the console, once it answers. */
  url?: string;
  children: Record<string, ProcessIdentity>;
};

/** The path of the record in a data directory. */
export function runRecordPath(dataDirectory: string): string {
  return `${dataDirectory}/run.json`;
}

/** Reads the record; undefined where there is none or it is not valid. */
export function readRunRecord(path: string): RunRecord | undefined {
  try {
    return parseRecord(readFileSync(path, 'utf8'));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** A record that was cut off while it was written is not valid. */
function parseRecord(content = ''): RunRecord | undefined {
  try {
    const record: RunRecord = JSON.parse(content);
    return Number.isInteger(record.supervisor?.pid) ? record : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export type RunClaim =
  | { outcome: 'claimed'; record: RunRecord; previous: RunRecord | undefined }
  | { outcome: 'running'; record: RunRecord };

/** Makes this process the one that runs on a data directory. `previous` is the record of a supervisor that was killed. */
export function claimRun(path: string): RunClaim {
  const supervisor = processIdentity(process.pid);
  if (!supervisor) throw new Error(`no process ${process.pid}`);
  const record: RunRecord = { supervisor, children: {} };
  mkdirSync(dirname(path), { recursive: true });
  const lock = acquireLock(path, JSON.stringify(record), isHeld);
  const running = parseRecord(lock.holder);
  if (running) return { outcome: 'running', record: running };
  return { outcome: 'claimed', record, previous: parseRecord(lock.previous) };
}

function isHeld(content: string): boolean {
  const record = parseRecord(content);
  return record !== undefined && isAlive(record.supervisor);
}

/** Replaces the record of this process in one step. */
export function writeRunRecord(path: string, record: RunRecord): void {
  const next = `${path}.${process.pid}`;
  writeFileSync(next, JSON.stringify(record, undefined, 2));
  renameSync(next, path);
}

/** Removes the record, if it is still that of this process. */
export function releaseRun(path: string): void {
  if (readRunRecord(path)?.supervisor.pid === process.pid) rmSync(path, { force: true });
}
