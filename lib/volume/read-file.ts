import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { AppError, messageOf } from '#lib/errors.ts';

/** An event file as it was read; sizes in bytes. `content` is unpacked, or undefined where it cannot be. */
export type EventFile = {
  name: string;
  size: number;
  modifiedAt: Date;
  sha256: string;
  raw: Buffer;
  content: Buffer | undefined;
};

/** A file that could not be read now: it is named, left for later, and does not stop the others. */
export class UnreadableFileError extends AppError {
  constructor(name: string, why: string) {
    super('unreadable_file', `${name} ${why}`);
  }
}

const unzip = promisify(gunzip);

/**
 * Reads a whole event file, unpacking gzip (known by its first bytes, whatever its name).
 * @param limit bytes at most, packed and unpacked.
 * @throws UnreadableFileError where it has vanished, is still growing, is too large or may not be read.
 */
export async function readEventFile(directory: string, name: string, limit: number): Promise<EventFile> {
  try {
    const { raw, modifiedAt } = await readWhole(directory, name, limit);
    const sha256 = createHash('sha256').update(raw).digest('hex');
    return { name, size: raw.length, modifiedAt, sha256, raw, content: await unpack(name, raw, limit) };
  } catch (error) {
    throw error instanceof UnreadableFileError ? error : new UnreadableFileError(name, explain(error));
  }
}

async function readWhole(directory: string, name: string, limit: number) {
  const file = await open(join(directory, name), constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const before = await file.stat();
    if (before.size > limit) throw new UnreadableFileError(name, tooLarge(limit));
    const raw = await file.readFile();
    if (raw.length !== before.size)
      throw new UnreadableFileError(
        name,
        'changed while it was read; it is tried again when it stands still.',
      );
    return { raw, modifiedAt: before.mtime };
  } finally {
    await file.close();
  }
}

async function unpack(name: string, raw: Buffer, limit: number): Promise<Buffer | undefined> {
  if (raw[0] !== 0x1f || raw[1] !== 0x8b) return raw;
  return unzip(raw, { maxOutputLength: limit }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_BUFFER_TOO_LARGE') throw new UnreadableFileError(name, tooLarge(limit));
    return undefined;
  });
}

const tooLarge = (limit: number) =>
  `is larger than ${Math.round(limit / 1_048_576)} MiB; split it into smaller files.`;

function explain(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'has vanished since it was listed.';
  if (code === 'EACCES' || code === 'EPERM')
    return 'may not be read by this user; give it the right to read.';
  return `cannot be read: ${messageOf(error)}.`;
}
