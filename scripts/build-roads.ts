import { basename, join } from 'node:path';
import { buildRoads } from '#lib/simulator/index.ts';
import { defineCommand, runProgram } from './cli/command.ts';

const examples = ['andorra.osm.pbf', 'portland.osm.gz --out data/roads/portland.json.gz'];
const program = defineCommand(
  'build-roads',
  'Turns an OpenStreetMap extract into a road network for the simulator.',
  examples,
)
  .argument('<file>', 'an extract: OSM XML, gzipped XML or PBF')
  .option('--out <file>', 'the file of the network (default: data/roads/<name of the extract>.json.gz)')
  .option('--json', 'print the counts as JSON', false);

await runProgram(program, async () => {
  const [file = ''] = program.args;
  const { out = defaultPath(file), json } = program.opts<{ out?: string; json: boolean }>();
  process.stderr.write(`Reading ${file}\n`);
  const report = await buildRoads(file, out);
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : describe(report));
});

/** The simulator reads the network of a location from data/roads/<code>.json.gz. */
function defaultPath(file: string): string {
  const name = basename(file).replace(/\.(gz|pbf|xml|osm)(?=\.|$)/g, '');
  return join(import.meta.dirname, '../data/roads', `${name}.json.gz`);
}

function describe(report: Awaited<ReturnType<typeof buildRoads>>): string {
  const { out, bytes, ways, components, connectedShare, nodes, edges, known, generated } = report;
  return `${out}: ${nodes} nodes, ${edges} edges, ${known} addresses of the extract and ${generated} generated along streets, ${bytes} bytes
From ${ways} drivable ways; the largest of ${components} connected components has ${(connectedShare * 100).toFixed(1)} % of their points.
`;
}
