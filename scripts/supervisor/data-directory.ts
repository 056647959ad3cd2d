import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { hasCode, OperatorError } from '#lib/errors.ts';

const MEGABYTE = 1_000_000;
const MIN_FREE = 64 * MEGABYTE;

/**
 * Creates the data directory if it is missing.
 * @throws OperatorError where it cannot be written or its disk is almost full.
 */
export function prepareDataDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK);
  } catch (error) {
    if (!hasCode(error, 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST')) throw error;
    throw new OperatorError(
      `${directory} cannot be written. Give this user the right to, or set DATA_DIR to a writable directory, and start again.`,
      { cause: error },
    );
  }
  const free = freeBytes(directory);
  if (free < MIN_FREE)
    throw new OperatorError(
      `The disk that holds ${directory} is full (${Math.floor(free / MEGABYTE)} MB left). Free some space and start again; what was committed is kept.`,
    );
}

/** The free bytes that this user may use on the disk of a directory. */
export function freeBytes(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}

/** The port that the console of this data directory had last. */
export function readLastPort(directory: string): number | undefined {
  const path = portPath(directory);
  return existsSync(path) ? Number(readFileSync(path, 'utf8')) || undefined : undefined;
}

export function writeLastPort(directory: string, port: number): void {
  writeFileSync(portPath(directory), String(port));
}

const portPath = (directory: string) => join(directory, 'console-port');
