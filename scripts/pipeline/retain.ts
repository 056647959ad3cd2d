import { retain } from '#lib/pipeline/index.ts';
import { runRetention } from './run-retention.ts';

await runRetention(
  {
    name: 'pipeline retain',
    description:
      'Deletes the raw events of all but the last days; silver, gold and the keys of the events stay.',
    examples: ['--days 400 --dry-run', '--days 400'],
  },
  retain,
);
