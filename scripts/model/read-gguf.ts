import { type FileHandle, open } from 'node:fs/promises';
import { OperatorError } from '#lib/errors.ts';

/** What a GGUF file says of itself, and its size in bytes. */
export type GgufHeader = { version: number; tensors: number; bytes: number };

const HEADER_BYTES = 24;
const VERSIONS = [2, 3];

/** Reads the header of a model file. @throws OperatorError that says what is wrong with a file that is not GGUF. */
export async function readGguf(path: string): Promise<GgufHeader> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new OperatorError(
      error.code === 'ENOENT'
        ? `There is no file ${path}. Name a model file in GGUF form.`
        : `${path} cannot be read: ${error.message}.`,
    );
  });
  try {
    return await readHeader(file, path);
  } finally {
    await file.close();
  }
}

async function readHeader(file: FileHandle, path: string): Promise<GgufHeader> {
  const stat = await file.stat();
  if (!stat.isFile()) throw new OperatorError(`${path} is not a file. Name a model file in GGUF form.`);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
  const begins = buffer.toString('latin1', 0, Math.min(bytesRead, 12));
  if (begins.startsWith('version http'))
    throw new OperatorError(
      `${path} is a pointer of Git LFS, not the model itself: run git lfs pull where it came from.`,
    );
  if (!begins.startsWith('GGUF'))
    throw new OperatorError(
      `${path} is not a GGUF file: it begins with ${JSON.stringify(begins.slice(0, 4))} instead of "GGUF". Models of other forms must be converted first.`,
    );
  if (bytesRead < HEADER_BYTES)
    throw new OperatorError(`${path} is cut off: it has only ${bytesRead} bytes.`);
  const version = buffer.readUInt32LE(4);
  if (!VERSIONS.includes(version))
    throw new OperatorError(
      `${path} is GGUF version ${version}; versions ${VERSIONS.join(' and ')} can be read.`,
    );
  return { version, tensors: Number(buffer.readBigUInt64LE(8)), bytes: stat.size };
}
