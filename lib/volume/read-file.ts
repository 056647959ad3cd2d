import { hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { AppError, messageOf } from '#lib/errors.ts';

/** An event file that was read; sizes in bytes. `content` is decompressed, or undefined where that is not possible. */
export type EventFile = {
  name: string;
  size: number;
  modifiedAt: Date;
  sha256: string;
  raw: Buffer;
  content: Buffer | undefined;
};

/** A file that cannot be read at the moment. It is reported and retried later, and does not stop the others. */
export class UnreadableFileError extends AppError {
  constructor(name: string, reason: string) {
    super('unreadable_file', `${name} ${reason}`);
  }
}

/** Do not follow symbolic links, and do not block on something that is not a regular file. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Reads a whole event file and decompresses gzip, which it recognizes by the first bytes. It is synchronous, because for
 * a typical file of a few kilobytes the four promises would cost more than the reading.
 * @param limit the maximum size in bytes, before and after decompression.
 * @throws UnreadableFileError where it was removed, is still growing, is too large or may not be read.
 */
export function readEventFile(directory: string, name: string, limit: number): EventFile {
  try {
    const { raw, modifiedAt } = readWhole(directory, name, limit);
    return {
      name,
      size: raw.length,
      modifiedAt,
      sha256: hash('sha256', raw),
      raw,
      content: unpack(name, raw, limit),
    };
  } catch (error) {
    throw error instanceof UnreadableFileError ? error : new UnreadableFileError(name, explain(error));
  }
}

function readWhole(directory: string, name: string, limit: number) {
  const file = openSync(join(directory, name), OPEN_FLAGS);
  try {
    const before = fstatSync(file);
    if (before.size > limit) throw new UnreadableFileError(name, tooLarge(limit));
    const raw = readFileSync(file);
    if (raw.length !== before.size)
      throw new UnreadableFileError(name, 'changed while it was read; it is read again when it is complete.');
    return { raw, modifiedAt: before.mtime };
  } finally {
    closeSync(file);
  }
}

function unpack(name: string, raw: Buffer, limit: number): Buffer | undefined {
  if (raw[0] !== 0x1f || raw[1] !== 0x8b) return raw;
  try {
    return gunzipSync(raw, { maxOutputLength: limit });
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') throw new UnreadableFileError(name, tooLarge(limit));
    return undefined;
  }
}

const tooLarge = (limit: number) =>
  `is larger than ${Math.round(limit / 1_048_576)} MiB; split it into smaller files.`;

function explain(error: unknown): string {
  const code = codeOf(error);
  if (code === 'ENOENT') return 'was removed after it was listed.';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user; grant read permission.';
  return `cannot be read: ${messageOf(error)}.`;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
