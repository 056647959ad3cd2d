import type { Verbs } from '../cli/verbs.ts';

/** What else the command `recommend` can do. */
export const verbs: Verbs = {
  backfill: {
    summary: 'scores the rest of history, of which a sample is scored',
    run: () => import('./backfill.ts'),
  },
  rerun: { summary: 'asks for another recommendation for an order', run: () => import('./rerun.ts') },
  policy: { summary: 'lists, shows, checks, adds and activates policies', run: () => import('./policy.ts') },
};
