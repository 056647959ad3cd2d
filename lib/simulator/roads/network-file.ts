import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { messageOf, OperatorError } from '#lib/errors.ts';
import { writeFileAtomically } from '#lib/volume/index.ts';
import { indexEdges, listEdgeOrigins, type RoadNetwork } from './network.ts';

const count = z.int().min(0);
const column = z.array(count);

/** Coordinates in millionths of a degree, times in milliseconds, shares in thousandths; `from` is ascending. */
const fileSchema = z.strictObject({
  format: z.literal('caspers-roads'),
  version: z.literal(1),
  source: z.string(),
  attribution: z.string(),
  nodes: z.strictObject({ lat: z.array(z.int()), lon: z.array(z.int()) }),
  edges: z.strictObject({ from: column, to: column, milliseconds: column, street: column }),
  streets: z.array(z.string()),
  addresses: z.strictObject({
    edge: column,
    thousandths: column,
    number: z.array(z.string()),
    street: column,
  }),
});
type NetworkFile = z.infer<typeof fileSchema>;

/** A network from a file, with a digest of its content. */
export type StoredNetwork = { network: RoadNetwork; digest: string };

/** Writes a network as gzipped JSON, atomically. @returns its size in bytes. */
export async function writeNetwork(
  path: string,
  network: RoadNetwork,
  { source, attribution }: { source: string; attribution: string },
): Promise<number> {
  const { addresses } = network;
  const content: NetworkFile = {
    format: 'caspers-roads',
    version: 1,
    source,
    attribution,
    nodes: { lat: scale(network.lat, 1e6), lon: scale(network.lon, 1e6) },
    edges: {
      from: [...listEdgeOrigins(network)],
      to: [...network.target],
      milliseconds: scale(network.seconds, 1000),
      street: [...network.street],
    },
    streets: network.streets,
    addresses: {
      edge: [...addresses.edge],
      thousandths: scale(addresses.share, 1000),
      number: addresses.number,
      street: [...addresses.street],
    },
  };
  const bytes = gzipSync(JSON.stringify(content), { level: 9 });
  await writeFileAtomically(dirname(path), basename(path), bytes);
  return bytes.length;
}

type FindNetworkParams = {
  code: string;
  /** The directory of the location configs. */
  configs: string;
  /** The file named by the location's config, relative to that directory. */
  fromConfig?: string | undefined;
  /** The file named on the command line; it takes precedence. */
  requested?: string | undefined;
};

/**
 * Reads the network of a location: the requested file, the one that its config names, or `../roads/<code>.json.gz`
 * beside the configs. Undefined where there is no file; then the city is synthetic.
 * @throws OperatorError for a file that is missing or not a network.
 */
export async function findNetwork({
  code,
  configs,
  fromConfig,
  requested,
}: FindNetworkParams): Promise<StoredNetwork | undefined> {
  if (requested !== undefined) return readNetwork(requested);
  if (fromConfig !== undefined) return readNetwork(resolve(configs, fromConfig));
  const ownFile = join(configs, '../roads', `${code}.json.gz`);
  return existsSync(ownFile) ? readNetwork(ownFile) : undefined;
}

/** Reads a network written by `writeNetwork`. @throws OperatorError that names the file and what is wrong with it. */
export async function readNetwork(path: string): Promise<StoredNetwork> {
  const packed = await readFile(path).catch((error: unknown) => {
    throw new OperatorError(`The road network ${path} cannot be read: ${messageOf(error)}.`, {
      cause: error,
    });
  });
  try {
    const text = gunzipSync(packed);
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
    return { network: unpack(fileSchema.parse(JSON.parse(text.toString()))), digest };
  } catch (error) {
    const problem =
      error instanceof z.ZodError
        ? `${error.issues[0]?.path.join('.')} ${error.issues[0]?.message}`
        : messageOf(error);
    throw new OperatorError(
      `${path} is not a road network (${problem}). Build it again: npm run build-roads -- EXTRACT --out ${path}`,
      { cause: error },
    );
  }
}

function unpack({ nodes, edges, streets, addresses }: NetworkFile): RoadNetwork {
  requireSameLength('nodes', nodes);
  requireSameLength('edges', edges);
  requireSameLength('addresses', addresses);
  requireBelow('edges.from', edges.from, nodes.lat.length);
  requireBelow('edges.to', edges.to, nodes.lat.length);
  requireBelow('edges.street', edges.street, streets.length);
  requireBelow('addresses.edge', addresses.edge, edges.from.length);
  requireBelow('addresses.street', addresses.street, streets.length);
  if (edges.from.some((from, edge) => from < (edges.from[edge - 1] ?? 0)))
    throw new Error('edges.from is not ascending');
  return {
    lat: Float64Array.from(nodes.lat, (value) => value / 1e6),
    lon: Float64Array.from(nodes.lon, (value) => value / 1e6),
    firstEdge: indexEdges(nodes.lat.length, edges.from),
    target: Uint32Array.from(edges.to),
    seconds: Float64Array.from(edges.milliseconds, (value) => value / 1000),
    street: Uint32Array.from(edges.street),
    streets,
    addresses: {
      edge: Uint32Array.from(addresses.edge),
      share: Float64Array.from(addresses.thousandths, (value) => value / 1000),
      number: addresses.number,
      street: Uint32Array.from(addresses.street),
    },
  };
}

const scale = (values: Float64Array, factor: number) =>
  Array.from(values, (value) => Math.round(value * factor));

function requireSameLength(name: string, columns: Record<string, unknown[]>): void {
  const lengths = new Set(Object.values(columns).map((values) => values.length));
  if (lengths.size !== 1) throw new Error(`the columns of ${name} differ in length`);
}

function requireBelow(name: string, values: number[], limit: number): void {
  if (values.some((value) => value >= limit)) throw new Error(`${name} points outside its table`);
}
