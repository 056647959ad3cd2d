import { buildDimensions } from '#lib/simulator/index.ts';

// Run it after a change of data/dimensional/source: node scripts/build-dimensions.ts
process.stdout.write(`${JSON.stringify(await buildDimensions('data/dimensional'))}\n`);
