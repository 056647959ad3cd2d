import { flow } from '../tables/flow.ts';

/** The points that a run passes with every batch, in their order. `lib/failpoint.ts` can make the process die at each. */
export const failpoints: readonly string[] = [
  ...['after-connect', 'after-lock', 'after-staging-tables', 'after-read-state', 'after-list-files'],
  ...['after-read-files', 'after-known-contents', 'after-parse'],
  ...['before-begin', 'after-begin', 'after-move-checkpoint'],
  ...['after-event-keys', 'after-partitions', 'after-bronze', 'after-copy'],
  ...flow.flatMap(({ name }) => [`after-refresh-${name}`, `after-expectations-${name}`]),
  ...[
    'after-customer-places',
    'after-location-activity',
    'after-quarantine',
    'after-completed',
    'after-record-expectations',
    'after-record-files',
    'after-history',
  ],
  ...['before-commit', 'after-commit', 'before-compact'],
];
