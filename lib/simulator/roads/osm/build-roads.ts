import { basename } from 'node:path';
import { OperatorError } from '#lib/errors.ts';
import { keepLargestComponent } from '../components.ts';
import { buildNetwork, type RoadNetwork } from '../network.ts';
import { writeNetwork } from '../network-file.ts';
import { simplify } from '../simplify.ts';
import { attachHouses, generateHouseNumbers } from './addresses.ts';
import { collectRoads } from './collect-roads.ts';
import { openExtract } from './open-extract.ts';

/** Counts of a network. `known` addresses come from the extract; `generated` ones are for streets without any. */
export type RoadsReport = {
  ways: number;
  points: number;
  components: number;
  connectedShare: number;
  nodes: number;
  edges: number;
  known: number;
  generated: number;
};

/** A network with a smaller share of its road points in the largest component is refused as an unlucky cut. */
const MIN_CONNECTED_SHARE = 0.5;

/** Writes the road network of an OpenStreetMap extract to a file. @throws OperatorError as `buildFromExtract`. */
export async function buildRoads(
  extract: string,
  out: string,
): Promise<RoadsReport & { out: string; bytes: number }> {
  const { network, report } = await buildFromExtract(extract);
  const source = { source: basename(extract), attribution: '© OpenStreetMap contributors, ODbL 1.0' };
  return { out, bytes: await writeNetwork(out, network, source), ...report };
}

/**
 * Turns an OpenStreetMap extract into a network of its drivable roads: the largest strongly connected component,
 * without the points that neither a junction nor a bend needs.
 * @throws OperatorError where the extract is unreadable, broken, disconnected, or has no roads or addresses.
 */
export async function buildFromExtract(path: string): Promise<{ network: RoadNetwork; report: RoadsReport }> {
  const { roads: all, houses, wayCount } = await collectRoads(await openExtract(path));
  if (all.edges.length === 0)
    throw new OperatorError(
      wayCount > 0
        ? `${path} has no road that a car may drive on: the positions of its ${wayCount} road ways are missing. Add their nodes (in Overpass "out geom", or ">;" before "out"). Nothing was written.`
        : `${path} has no road that a car may drive on. Use another extract. Nothing was written.`,
    );
  const { roads, connectivity } = keepLargestComponent(all);
  const connectedShare = connectivity.kept / connectivity.nodes;
  if (connectedShare < MIN_CONNECTED_SHARE)
    throw new OperatorError(
      `The roads of ${path} are disconnected: they form ${connectivity.components} parts, and the largest has ${Math.round(connectedShare * 100)} % of them. Use an extract of one connected area. Nothing was written.`,
    );
  const attached = attachHouses(simplify(roads), houses);
  const network = buildNetwork(generateHouseNumbers(attached));
  if (network.addresses.number.length === 0)
    throw new OperatorError(
      `${path} has no address and no named street, so it has no customers. Nothing was written.`,
    );
  return {
    network,
    report: {
      ways: wayCount,
      points: connectivity.nodes,
      components: connectivity.components,
      connectedShare,
      nodes: network.lat.length,
      edges: network.target.length,
      known: attached.addresses.length,
      generated: network.addresses.number.length - attached.addresses.length,
    },
  };
}
