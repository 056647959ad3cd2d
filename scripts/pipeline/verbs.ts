import type { Verbs } from '../cli/verbs.ts';

/** The verbs of the command `pipeline`; each is a program of its own, with its own `--help`. */
export const verbs: Verbs = {
  rebuild: {
    summary: 'recomputes silver and gold from bronze; --verify only compares',
    run: () => import('./rebuild.ts'),
  },
  check: {
    summary: 'accounts for every file and record that was ingested',
    run: () => import('./check.ts'),
  },
  events: { summary: 'lists what happened to the pipeline', run: () => import('./events.ts') },
  quarantine: {
    summary: 'lists, shows, replays or drops records that break a rule',
    run: () => import('./quarantine.ts'),
  },
  late: { summary: 'lists or admits late events', run: () => import('./late.ts') },
  'retain-places': {
    summary: 'deletes where the orders of old days went',
    run: () => import('./retain-places.ts'),
  },
  'rehash-addresses': {
    summary: 'hashes all addresses with the current key',
    run: () => import('./rehash-addresses.ts'),
  },
  retain: { summary: 'deletes the raw events of old days', run: () => import('./retain.ts') },
  sketches: { summary: 'measures the error of approximate counts', run: () => import('./sketches.ts') },
  graph: {
    summary: 'draws the lineage of the tables',
    run: () => import('./graph.ts'),
  },
};
