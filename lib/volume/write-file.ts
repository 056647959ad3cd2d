import { constants, renameSync } from 'node:fs';
import { access, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, OperatorError } from '#lib/errors.ts';

/**
 * Writes a file atomically: a temporary name (".name.tmp"), fsync, rename, fsync of the directory. A reader sees all of it
 * or nothing, even if the process is killed; then the temporary file may remain.
 * @throws OperatorError where the disk is full or the directory cannot be written; no incomplete file remains.
 */
export async function writeFileAtomically(
  directory: string,
  name: string,
  content: string | Uint8Array,
): Promise<void> {
  await writeFilesAtomically(directory, [{ name, content }]);
}

export type NewFile = { name: string; content: string | Uint8Array };

/**
 * Writes files as `writeFileAtomically` does, concurrently. They appear in the given order, so a reader that sees one
 * sees all before it. @throws OperatorError; files that have already appeared are complete and remain.
 */
export async function writeFilesAtomically(directory: string, files: NewFile[]): Promise<void> {
  const staged = files.map(({ name, content }) => ({
    content,
    temporary: join(directory, `.${name}.tmp`),
    final: join(directory, name),
  }));
  try {
    await mkdir(directory, { recursive: true });
    const results = await Promise.allSettled(
      staged.map(({ temporary, content }) => writeDurably(temporary, content)),
    );
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    // Synchronous: a turn of a busy event loop for each rename would take longer than all of them.
    for (const { temporary, final } of staged) renameSync(temporary, final);
    await syncDirectory(directory);
  } catch (error) {
    const removals = await Promise.allSettled(staged.map(({ temporary }) => rm(temporary, { force: true })));
    throw explain(directory, error, removals.find((result) => result.status === 'rejected')?.reason);
  }
}

/** Creates a directory if it does not exist. @throws OperatorError where it cannot be created or written. */
export async function prepareDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw explain(directory, error, undefined);
  }
}

async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function explain(directory: string, error: unknown, removalError: unknown): OperatorError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return new OperatorError(`${reasons[code]?.(directory) ?? `${directory}: ${messageOf(error)}.`}`, {
    cause: removalError === undefined ? error : new AggregateError([error, removalError]),
  });
}

const isFile = (directory: string) =>
  `${directory} cannot be created: it or a part of its path is a file. Choose another directory.`;
const denied = (directory: string) =>
  `${directory} cannot be written. Grant this user write permission, or choose another directory.`;

const reasons: Record<string, (directory: string) => string> = {
  ENOSPC: (directory) =>
    `The disk of ${directory} is full. Free some space and start again; no file is incomplete.`,
  EDQUOT: (directory) => `The disk quota of ${directory} is used up. Free some space and start again.`,
  EACCES: denied,
  EPERM: denied,
  EROFS: denied,
  ENOTDIR: isFile,
  EEXIST: isFile,
};
