import { buildDimensions } from '#lib/simulator/index.ts';

// Run after an edit of data/dimensional/source: node scripts/build-dimensions.ts
process.stdout.write(`${JSON.stringify(await buildDimensions('data/dimensional'))}\n`);
