import type { Verbs } from '../describe-verbs.ts';

/** What else the command `recommend` can do. */
export const verbs: Verbs = {
  backfill: {
    does: 'scores the rest of history, of which a sample is scored',
    run: () => import('./backfill.ts'),
  },
  rerun: { does: 'asks for another recommendation for an order', run: () => import('./rerun.ts') },
  policy: { does: 'lists, shows, checks, adds and activates policies', run: () => import('./policy.ts') },
};
