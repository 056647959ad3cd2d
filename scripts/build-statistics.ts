import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  describeTables,
  fillPage,
  measureOurs,
  plotDemand,
  plotStories,
  STATISTICS_DAYS,
} from '#lib/simulator/index.ts';

const docs = join(import.meta.dirname, '../docs');
const locations = await measureOurs();
await writeFile(join(docs, 'images/simulator-demand.svg'), plotDemand(locations, STATISTICS_DAYS));
await writeFile(join(docs, 'images/simulator-stories.svg'), plotStories(locations));
await fillPage(join(docs, 'simulator-statistics.md'), describeTables(locations, STATISTICS_DAYS));
