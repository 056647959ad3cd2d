import { open } from 'node:fs/promises';
import { messageOf, OperatorError } from '#lib/errors.ts';
import type { OsmElement } from './osm-element.ts';
import { readPbf } from './read-pbf.ts';
import { readXml } from './read-xml.ts';

/** An extract that can be read several times. Reading throws an OperatorError where the content is broken. */
export type Extract = { read(): AsyncIterable<OsmElement[]> };

/**
 * Opens an OpenStreetMap extract: XML, gzipped XML or PBF, recognized by its first bytes, not by its name.
 * @throws OperatorError where it cannot be read or has another format.
 */
export async function openExtract(path: string): Promise<Extract> {
  const head = await readHead(path).catch((error: unknown) => {
    throw new OperatorError(`${path} cannot be read: ${messageOf(error)}. Nothing was written.`, {
      cause: error,
    });
  });
  const format = recognizeFormat(head);
  if (format === undefined)
    throw new OperatorError(
      `${path} is not an OpenStreetMap extract: it is not PBF, XML or gzipped XML.${explainFormat(head)} Nothing was written.`,
    );
  const elements = () => (format === 'pbf' ? readPbf(path) : readXml(path, format === 'gzip'));
  return { read: () => explainErrors(path, elements()) };
}

function recognizeFormat(head: Buffer): 'pbf' | 'gzip' | 'xml' | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head.subarray(6, 15).toString('latin1') === 'OSMHeader') return 'pbf';
  return /^\uFEFF?\s*</.test(head.toString()) ? 'xml' : undefined;
}

/** What to do with a file of another format that is known. */
function explainFormat(head: Buffer): string {
  if (/^\uFEFF?\s*\{/.test(head.toString())) return ' It may be JSON: ask Overpass for [out:xml].';
  const packed = packers.find(({ magic }) => head.toString('latin1').startsWith(magic));
  return packed ? ` It is packed with ${packed.name}: unpack it first.` : '';
}

const packers = [
  { name: 'bzip2', magic: 'BZh' },
  { name: 'xz', magic: '\xfd7zXZ' },
  { name: 'zip', magic: 'PK\x03\x04' },
  { name: 'Zstandard', magic: '\x28\xb5\x2f\xfd' },
  { name: 'LZ4', magic: '\x04\x22\x4d\x18' },
];

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function* explainErrors(
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
