import { createReadStream } from 'node:fs';
import { inflateSync, zstdDecompressSync } from 'node:zlib';
import { parse } from 'osm-pbf-parser-node';
import { OperatorError } from '#lib/errors.ts';
import type { OsmElement } from './osm-element.ts';

const TAGS = ['highway', 'oneway', 'junction', 'maxspeed', 'name', 'ref', 'area', 'service'];
const ACCESS = ['access', 'vehicle', 'motor_vehicle', 'motorcar'];
const ADDRESS = ['addr:housenumber', 'addr:street'];
const withTags = { node: ADDRESS, way: [...TAGS, ...ACCESS, ...ADDRESS], relation: false };

/** The limits of the format; a larger length is a sign of a broken file. */
const MAX_HEADER_BYTES = 64 * 1024;
const MAX_BLOB_BYTES = 32 * 1024 * 1024;

/** What a file may require of its reader. The library of the blocks knows both kinds of nodes. */
const knownFeatures = ['OsmSchema-V0.6', 'DenseNodes', 'HistoricalInformation'];
/** Compressions of the format that Node cannot undo, by the number of their field. */
const unreadable = new Map([
  [4, 'LZMA'],
  [5, 'bzip2'],
  [6, 'LZ4'],
]);

type ParsedElement = { type?: string; info?: { version?: number; visible?: boolean } };

/**
 * Reads the nodes and ways of a PBF extract, block by block.
 * @throws OperatorError where it has a compression or a feature that cannot be read, Error where it is broken or cut off.
 */
export async function* readPbf(path: string): AsyncGenerator<OsmElement[]> {
  let withInfo: boolean | undefined;
  for await (const { type, blob } of readBlobs(path)) {
    if (type === 'OSMHeader') withInfo = readFeatures(path, unpack(path, blob));
    if (type !== 'OSMData') continue;
    if (withInfo === undefined) throw new Error('its header is missing');
    // Outside of its stream the library looks for the tags among the options themselves.
    const elements = parse(unpack(path, blob), {
      ...withTags,
      withTags,
      withInfo,
    } as object) as ParsedElement[];
    yield elements.filter(isNodeOrWay).map(addState);
  }
}

const isNodeOrWay = (element: ParsedElement): element is OsmElement & ParsedElement =>
  element.type === 'node' || element.type === 'way';

function addState({ info, ...element }: OsmElement & ParsedElement): OsmElement {
  return info ? { ...element, version: info.version, deleted: info.visible === false } : element;
}

/** The blobs of a file in their order, each with its type. */
async function* readBlobs(path: string): AsyncGenerator<{ type: string; blob: Buffer }> {
  const read = createByteReader(path);
  for (let start = await read(4); start; start = await read(4)) {
    const header = await read(withinLimit(start.readUInt32BE(), MAX_HEADER_BYTES));
    if (!header) throw new Error('unexpected end of file');
    const fields = new Map([...readFields(header)].map(({ field, value }) => [field, value]));
    const blob = await read(withinLimit(Number(fields.get(3) ?? 0), MAX_BLOB_BYTES));
    if (!blob) throw new Error('unexpected end of file');
    yield { type: String(fields.get(1)), blob };
  }
}

function withinLimit(length: number, max: number): number {
  if (length > max) throw new Error('a block is longer than the format allows');
  return length;
}

/** @returns a function that reads the next `length` bytes; undefined at the end of the file. */
function createByteReader(path: string): (length: number) => Promise<Buffer | undefined> {
  const chunks = createReadStream(path, { highWaterMark: 1 << 18 })[Symbol.asyncIterator]();
  let waiting: Buffer[] = [];
  let size = 0;
  return async (length) => {
    while (size < length || size === 0) {
      const { done, value } = await chunks.next();
      if (done) break;
      waiting.push(value as Buffer);
      size += (value as Buffer).length;
    }
    if (size === 0 && length > 0) return undefined;
    if (size < length) throw new Error('unexpected end of file');
    const [first = Buffer.alloc(0), ...more] = waiting;
    const bytes = more.length === 0 ? first : Buffer.concat(waiting);
    waiting = [bytes.subarray(length)];
    size -= length;
    return bytes.subarray(0, length);
  };
}

/** The content of a blob. */
function unpack(path: string, blob: Buffer): Buffer {
  for (const { field, value } of readFields(blob)) {
    const compression = unreadable.get(field);
    if (compression)
      throw new OperatorError(
        `${path} is compressed with ${compression}, which cannot be read here. Convert it first: osmium cat ${path} -o zlib.osm.pbf -f pbf,pbf_compression=zlib. Nothing was written.`,
      );
    if (!Buffer.isBuffer(value)) continue;
    if (field === 1) return value;
    if (field === 3) return inflateSync(value, { maxOutputLength: MAX_BLOB_BYTES });
    if (field === 7) return zstdDecompressSync(value, { maxOutputLength: MAX_BLOB_BYTES });
  }
  throw new Error('a block has no content');
}

/** @returns whether the file holds former versions and deleted elements. */
function readFeatures(path: string, header: Buffer): boolean {
  const required = [...readFields(header)].flatMap(({ field, value }) => (field === 4 ? `${value}` : []));
  const unknown = required.filter((feature) => !knownFeatures.includes(feature));
  if (unknown.length > 0)
    throw new OperatorError(
      `${path} requires what cannot be read here: ${unknown.join(', ')}. Use another extract. Nothing was written.`,
    );
  return required.includes('HistoricalInformation');
}

/** The fields of a message of protocol buffers: numbers, and bytes for texts and messages. */
function* readFields(bytes: Buffer): Generator<{ field: number; value: bigint | Buffer }> {
  let at = 0;
  while (at < bytes.length) {
    const key = readVarint(bytes, at);
    const [field, kind] = [Number(key.value >> 3n), Number(key.value & 7n)];
    const number = readVarint(bytes, key.end);
    at = kind === 2 ? number.end + Number(number.value) : number.end;
    if (kind !== 0 && kind !== 2) throw new Error('a block has an unknown kind of field');
    if (at > bytes.length) throw new Error('a block is cut off');
    yield { field, value: kind === 2 ? bytes.subarray(number.end, at) : number.value };
  }
}

function readVarint(bytes: Buffer, start: number): { value: bigint; end: number } {
  let value = 0n;
  for (let at = start; at < start + 10; at++) {
    const byte = bytes[at] ?? 0xff;
    value |= BigInt(byte & 0x7f) << BigInt(7 * (at - start));
    if (byte < 0x80) return { value, end: at + 1 };
  }
  throw new Error('a block has an invalid number');
}
