import { open } from 'node:fs/promises';
import { messageOf, OperatorError } from '#lib/errors.ts';
import type { Extract, OsmElement } from './elements.ts';
import { readPbf } from './read-pbf.ts';
import { readXml } from './read-xml.ts';

/**
 * Opens an OpenStreetMap extract: XML, gzipped XML or PBF, told apart by its first bytes, not by its name.
 * @throws OperatorError where it cannot be read or is something else; reading throws one where it is broken inside.
 */
export async function openExtract(path: string): Promise<Extract> {
  const head = await readHead(path).catch((error: unknown) => {
    throw new OperatorError(`${path} cannot be read: ${messageOf(error)}. Nothing was written.`, {
      cause: error,
    });
  });
  const format = recognize(head);
  if (format === undefined)
    throw new OperatorError(
      `${path} is no OpenStreetMap extract: neither PBF nor XML, nor gzipped XML. Nothing was written.`,
    );
  const elements = () => (format === 'pbf' ? readPbf(path) : readXml(path, format === 'gzip'));
  return { read: () => explaining(path, elements()) };
}

function recognize(head: Buffer): 'pbf' | 'gzip' | 'xml' | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head.subarray(6, 15).toString('latin1') === 'OSMHeader') return 'pbf';
  return /^\uFEFF?\s*</.test(head.toString()) ? 'xml' : undefined;
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function* explaining(
  path: string,
  elements: AsyncIterable<OsmElement[]>,
): AsyncGenerator<OsmElement[]> {
  try {
    yield* elements;
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw new OperatorError(
      `${path} is broken or cut off (${messageOf(error).split('\n')[0]}). Get it again. Nothing was written.`,
      { cause: error },
    );
  }
}
