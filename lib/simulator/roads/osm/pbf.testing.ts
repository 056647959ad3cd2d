import { deflateSync } from 'node:zlib';
import type { OsmElement } from './osm-element.ts';

/** The field of a blob for its content, and what compresses it. */
export type Compression = { field: number; pack(bytes: Buffer): Buffer };
export const zlib: Compression = { field: 3, pack: deflateSync };

/** Writes a PBF extract with a block for each list of elements; a history also has versions and deletions. */
export function writePbf(
  blocks: OsmElement[][],
  { compression = zlib, features = [] as string[] }: { compression?: Compression; features?: string[] } = {},
): Buffer {
  const header = message(...['OsmSchema-V0.6', ...features].map((feature) => field(4, Buffer.from(feature))));
  const blobs = [blob('OSMHeader', header, compression)];
  for (const block of blocks) blobs.push(blob('OSMData', primitiveBlock(block), compression));
  return Buffer.concat(blobs);
}

function blob(type: string, content: Buffer, { field: number, pack }: Compression): Buffer {
  const data = message(field(2, content.length), field(number, pack(content)));
  const header = message(field(1, Buffer.from(type)), field(3, data.length));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  return message(length, header, data);
}

function primitiveBlock(elements: OsmElement[]): Buffer {
  const texts = [''];
  const indexOf = (text: string) => {
    if (!texts.includes(text)) texts.push(text);
    return texts.indexOf(text);
  };
  const groups = elements.map((element) => {
    const tags = Object.entries(element.tags ?? {});
    const shared = [
      field(2, packed(tags.map(([key]) => indexOf(key)))),
      field(3, packed(tags.map(([, value]) => indexOf(value)))),
      field(4, message(field(1, element.version ?? 1), field(6, element.deleted ? 0 : 1))),
    ];
    if (element.type === 'way') {
      const steps = element.refs.map((ref, index) => zigzag(ref - (element.refs[index - 1] ?? 0)));
      return field(2, message(field(3, message(field(1, element.id), ...shared, field(8, packed(steps))))));
    }
    const place = [element.lat, element.lon].map((degrees, index) =>
      field(8 + index, zigzag(Math.round(degrees * 1e7))),
    );
    return field(2, message(field(1, message(field(1, zigzag(element.id)), ...shared, ...place))));
  });
  return message(field(1, message(...texts.map((text) => field(1, Buffer.from(text))))), ...groups);
}

const message = (...parts: Buffer[]) => Buffer.concat(parts);
const packed = (numbers: number[]) => message(...numbers.map(varint));
const zigzag = (value: number) => (value < 0 ? -2 * value - 1 : 2 * value);

function field(number: number, value: number | Buffer): Buffer {
  if (typeof value === 'number') return message(varint(number * 8), varint(value));
  return message(varint(number * 8 + 2), varint(value.length), value);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}
