import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import sax from 'sax';
import { OperatorError } from '#lib/errors.ts';
import type { OsmElement, Tags } from './osm-element.ts';

type Attributes = Record<string, string>;
type OpenElement = { name: string; attributes: Attributes; tags: Tags; refs: number[] };

/**
 * Reads the nodes and ways of OSM XML, plain or gzipped, in batches; also the answers of Overpass, with the nodes of a
 * way inside it (`out geom`) or beside it.
 * @throws OperatorError where Overpass says that its answer is cut short, Error where it is not well-formed.
 */
export async function* readXml(path: string, gzipped: boolean): AsyncGenerator<OsmElement[]> {
  const { parser, takeElements } = createParser(path);
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

function createParser(path: string) {
  const parser = sax.parser(true, {});
  let done: OsmElement[] = [];
  let open: OpenElement | undefined;
  let remark: string | undefined;
  let depth = 0;
  parser.onerror = (error) => {
    throw error;
  };
  parser.onopentag = ({ name, attributes }) => {
    const values = attributes as Attributes;
    assertExpected(path, name, depth);
    depth += 1;
    if (name === 'node' || name === 'way') open = { name, attributes: values, tags: {}, refs: [] };
    else if (name === 'tag' && open) open.tags[values.k ?? ''] = values.v ?? '';
    else if (name === 'nd' && open) done.push(...addPoint(open, values));
    else if (name === 'remark') remark = '';
  };
  parser.ontext = (text) => {
    if (remark !== undefined) remark += text;
  };
  parser.onclosetag = (name) => {
    depth -= 1;
    if (name === 'remark')
      throw new OperatorError(
        `${path} is cut short; Overpass remarks: "${remark?.trim()}". Ask for a smaller area, or with a higher [timeout:…] or [maxsize:…]. Nothing was written.`,
      );
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

function assertExpected(path: string, name: string, depth: number): void {
  if (depth === 0 && name !== 'osm') throw new Error(`it begins with <${name}>, not with <osm>`);
  if (name === 'action')
    throw new OperatorError(
      `${path} is a list of changes, not an extract. Ask Overpass without [diff] or [adiff]. Nothing was written.`,
    );
}

/** Adds a point to an open way. @returns its node where the point has a position. */
function addPoint(way: OpenElement, { ref, lat, lon }: Attributes): OsmElement[] {
  if (ref === undefined)
    throw new Error(`way ${way.attributes.id} has points without a number: use "out geom" alone`);
  way.refs.push(Number(ref));
  return lat === undefined
    ? []
    : [toElement({ name: 'node', attributes: { id: ref, lat, lon: lon ?? '' }, tags: {}, refs: [] })];
}

function toElement({ name, attributes, tags, refs }: OpenElement): OsmElement {
  const id = Number(attributes.id);
  // A deleted element has no position; editors mark what is deleted when they upload.
  const deleted = attributes.visible === 'false' || attributes.action === 'delete';
  const state = {
    version: attributes.version === undefined ? undefined : Number(attributes.version),
    deleted,
  };
  const [lat, lon] = deleted ? [0, 0] : [toNumber(attributes.lat), toNumber(attributes.lon)];
  const numbers = name === 'node' ? [id, lat, lon] : [id, ...refs];
  if (numbers.some((value) => !Number.isFinite(value)))
    throw new Error(`${name} ${attributes.id} has an invalid number`);
  return name === 'node'
    ? { type: 'node', id, lat, lon, tags, ...state }
    : { type: 'way', id, refs, tags, ...state };
}

/** An empty text is no number. */
const toNumber = (text: string | undefined) => (text?.trim() ? Number(text) : Number.NaN);
