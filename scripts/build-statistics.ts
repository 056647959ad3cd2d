import { join } from 'node:path';
import { writeStatisticsPage } from '#lib/simulator/index.ts';

// Run it after a change of the simulator: node scripts/build-statistics.ts
await writeStatisticsPage(join(import.meta.dirname, '../docs'));
