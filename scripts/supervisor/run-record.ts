import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { hasCode } from './has-code.ts';
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts';

/** What `npm start` leaves in DATA_DIR/run.json for the next start, `doctor` and `reset`. */
export type RunRecord = {
  supervisor: ProcessIdentity;
  /** Where the console answers, once it does. */
  url?: string;
  children: Record<string, ProcessIdentity>;
};

/** The path of the record in a data directory. */
export function runRecordPath(dataDirectory: string): string {
  return `${dataDirectory}/run.json`;
}

/** Reads the record; undefined where there is none or it does not hold. */
export function readRunRecord(path: string): RunRecord | undefined {
  try {
    const record: RunRecord = JSON.parse(readFileSync(path, 'utf8'));
    return Number.isInteger(record.supervisor?.pid) ? record : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

export type Claim =
  | { outcome: 'claimed'; record: RunRecord; previous: RunRecord | undefined }
  | { outcome: 'running'; record: RunRecord };

/**
 * Makes this process the one that runs on a data directory. The record is put in place by a hard link, which only
 * one process can make; a record whose process is dead is moved away first and comes back as `previous`.
 */
export function claimRun(path: string): Claim {
  const supervisor = identify(process.pid);
  if (!supervisor) throw new Error(`no process ${process.pid}`);
  const record: RunRecord = { supervisor, children: {} };
  const mine = `${path}.${process.pid}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(mine, JSON.stringify(record));
  try {
    return claimWith(path, mine, record);
  } finally {
    rmSync(mine, { force: true });
  }
}

function claimWith(path: string, mine: string, record: RunRecord, previous?: RunRecord): Claim {
  if (link(mine, path)) return { outcome: 'claimed', record, previous };
  const other = readRunRecord(path);
  if (other && isAlive(other.supervisor)) return { outcome: 'running', record: other };
  const moved = moveAway(path);
  return claimWith(path, mine, record, previous ?? moved);
}

/** Moves a dead record away. Where a faster start has just replaced it, that one's record is put back. */
function moveAway(path: string): RunRecord | undefined {
  const aside = `${path}.${process.pid}.old`;
  if (!rename(path, aside)) return undefined;
  const moved = readRunRecord(aside);
  if (moved && isAlive(moved.supervisor)) link(aside, path);
  rmSync(aside);
  return moved;
}

const link = (from: string, to: string) => unlessRefused('EEXIST', () => linkSync(from, to));
const rename = (from: string, to: string) => unlessRefused('ENOENT', () => renameSync(from, to));

/** Runs a file operation that another start may have forestalled. @returns whether it was done. */
function unlessRefused(code: string, operation: () => void): boolean {
  try {
    operation();
    return true;
  } catch (error) {
    if (hasCode(error, code)) return false;
    throw error;
  }
}

/** Replaces the record of this process in one step. */
export function writeRunRecord(path: string, record: RunRecord): void {
  const next = `${path}.${process.pid}`;
  writeFileSync(next, JSON.stringify(record, undefined, 2));
  renameSync(next, path);
}

/** Takes the record away, if it is still that of this process. */
export function releaseRun(path: string): void {
  if (readRunRecord(path)?.supervisor.pid === process.pid) rmSync(path, { force: true });
}
