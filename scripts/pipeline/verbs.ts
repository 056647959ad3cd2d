import type { Verbs } from '../cli/verbs.ts';

/** What else the command `pipeline` can do; each is a command of its own, with its own `--help`. */
export const verbs: Verbs = {
  rebuild: {
    summary: 'recomputes silver and gold from bronze; --verify only compares',
    run: () => import('./rebuild.ts'),
  },
  check: {
    summary: 'adds up what became of every file and record that was taken',
    run: () => import('./check.ts'),
  },
  events: { summary: 'tells what happened to the pipeline and when', run: () => import('./events.ts') },
  quarantine: {
    summary: 'lists, shows, takes again or gives up records that break a rule',
    run: () => import('./quarantine.ts'),
  },
  late: { summary: 'lists or admits events that came too late', run: () => import('./late.ts') },
  retain: { summary: 'deletes the raw events of old days', run: () => import('./retain.ts') },
  sketches: { summary: 'measures how far approximate counts are off', run: () => import('./sketches.ts') },
  graph: {
    summary: 'draws the lineage of the tables, or prints it as data',
    run: () => import('./graph.ts'),
  },
};
