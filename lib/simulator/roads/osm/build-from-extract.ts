import { OperatorError } from '#lib/errors.ts';
import { keepLargestPart } from '../components.ts';
import { buildNetwork, type RoadNetwork } from '../network.ts';
import { simplify } from '../simplify.ts';
import { assemble } from './assemble.ts';
import { collect } from './collect.ts';
import { layHouses } from './lay-houses.ts';
import { openExtract } from './open-extract.ts';
import { placeHouses } from './place-houses.ts';

/** What a network was made of. `known` addresses are the extract's, `laid` ones invented on streets without any. */
export type RoadsReport = {
  ways: number;
  points: number;
  parts: number;
  connectedShare: number;
  nodes: number;
  edges: number;
  known: number;
  laid: number;
};

/** Less than this share of the road points in one connected part is no network but an unlucky cut. */
const LEAST_CONNECTED = 0.5;

/**
 * Turns an OpenStreetMap extract into a network of its drivable roads: the largest part in which every point can be
 * driven to from every other one, without points that no junction and no bend needs.
 * @throws OperatorError where the extract is unreadable, broken, without roads, or falls apart.
 */
export async function buildFromExtract(path: string): Promise<{ network: RoadNetwork; report: RoadsReport }> {
  const collected = await collect(await openExtract(path));
  const whole = assemble(collected);
  if (whole.edges.length === 0)
    throw new OperatorError(
      `${path} holds no road that a car may drive along. Take another extract. Nothing was written.`,
    );
  const { roads, connection } = keepLargestPart(whole);
  const connectedShare = connection.kept / connection.nodes;
  if (connectedShare < LEAST_CONNECTED)
    throw new OperatorError(
      `The roads of ${path} are disconnected: they fall into ${connection.parts} parts, and the largest holds ${Math.round(connectedShare * 100)} % of them. Take an extract of one connected area. Nothing was written.`,
    );
  const placed = placeHouses(simplify(roads), collected.houses);
  const complete = layHouses(placed);
  const network = buildNetwork(complete);
  if (network.addresses.number.length === 0)
    throw new OperatorError(
      `${path} holds no address and no named street, so nobody could order. Nothing was written.`,
    );
  return {
    network,
    report: {
      ways: collected.ways.length,
      points: connection.nodes,
      parts: connection.parts,
      connectedShare,
      nodes: network.lat.length,
      edges: network.target.length,
      known: placed.addresses.length,
      laid: network.addresses.number.length - placed.addresses.length,
    },
  };
}
