import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import sax from 'sax';
import type { OsmElement, Tags } from './osm-element.ts';

type OpenElement = { name: string; attributes: Record<string, string>; tags: Tags; refs: number[] };

/** Reads the nodes and ways of OSM XML, plain or gzipped, in batches. @throws Error where it is not well-formed. */
export async function* readXml(path: string, gzipped: boolean): AsyncGenerator<OsmElement[]> {
  const { parser, takeElements } = createParser();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of openBytes(path, gzipped)) {
    parser.write(decoder.decode(chunk, { stream: true }));
    yield takeElements();
  }
  parser.write(decoder.decode()).close();
  yield takeElements();
}

function openBytes(path: string, gzipped: boolean): Readable {
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  // The reader of the last stream gets the error, so the callback has nothing to do.
  return gzipped ? pipeline(file, createGunzip({ chunkSize: 1 << 18 }), () => undefined) : file;
}

function createParser() {
  const parser = sax.parser(true, {});
  let done: OsmElement[] = [];
  let open: OpenElement | undefined;
  let depth = 0;
  parser.onerror = (error) => {
    throw error;
  };
  parser.onopentag = ({ name, attributes }) => {
    const values = attributes as Record<string, string>;
    if (depth === 0 && name !== 'osm') throw new Error(`it begins with <${name}>, not with <osm>`);
    depth += 1;
    if (name === 'node' || name === 'way') open = { name, attributes: values, tags: {}, refs: [] };
    else if (name === 'tag' && open) open.tags[values.k ?? ''] = values.v ?? '';
    else if (name === 'nd' && open) open.refs.push(Number(values.ref));
  };
  parser.onclosetag = (name) => {
    depth -= 1;
    if (open?.name !== name) return;
    done.push(toElement(open));
    open = undefined;
  };
  return {
    parser,
    takeElements: () => {
      const elements = done;
      done = [];
      return elements;
    },
  };
}

function toElement({ name, attributes, tags, refs }: OpenElement): OsmElement {
  const id = Number(attributes.id);
  const [lat, lon] = [Number(attributes.lat), Number(attributes.lon)];
  const numbers = name === 'node' ? [id, lat, lon] : [id, ...refs];
  if (numbers.some((value) => !Number.isFinite(value)))
    throw new Error(`${name} ${attributes.id} has an invalid number`);
  return name === 'node' ? { type: 'node', id, lat, lon, tags } : { type: 'way', id, refs, tags };
}
