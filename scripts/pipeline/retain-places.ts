import { retainPlaces } from '#lib/pipeline/index.ts';
import { runRetention } from './run-retention.ts';

await runRetention(
  {
    name: 'pipeline retain-places',
    description:
      'Deletes the addresses and coordinates of the orders of all but the last days, in the console too at its next sync.',
    examples: ['--days 90 --dry-run', '--days 90'],
  },
  retainPlaces,
);
