import { createReadStream } from 'node:fs';
import { pipeline, type TransformCallback } from 'node:stream';
import { OSMTransform } from 'osm-pbf-parser-node';
import type { OsmElement } from './osm-element.ts';

const TAGS = ['highway', 'oneway', 'junction', 'maxspeed', 'name', 'ref', 'area', 'service'];
const ACCESS = ['access', 'vehicle', 'motor_vehicle', 'motorcar'];
const ADDRESS = ['addr:housenumber', 'addr:street'];

/** Reads the nodes and ways of a PBF extract, block by block. @throws Error where it is broken or cut off. */
export async function* readPbf(path: string): AsyncGenerator<OsmElement[]> {
  const withTags = { node: ADDRESS, way: [...TAGS, ...ACCESS, ...ADDRESS], relation: false };
  const blocks = pipeline(createReadStream(path), new GuardedTransform({ withTags }), () => undefined);
  for await (const block of blocks as AsyncIterable<{ type?: string }[]>)
    yield block.filter((item): item is OsmElement => item.type === 'node' || item.type === 'way');
}

/** The library throws inside its stream, which would end the process; this turns it into an error of the stream. */
class GuardedTransform extends OSMTransform {
  override _transform(chunk: Buffer, encoding: BufferEncoding, callback: TransformCallback): void {
    try {
      super._transform(chunk, encoding, callback);
    } catch (error) {
      callback(toError(error));
    }
  }

  override _flush(callback: TransformCallback): void {
    try {
      super._flush(callback);
    } catch (error) {
      callback(toError(error));
    }
  }
}

const toError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));
