import { runVerbOr, type Verbs } from './cli/verbs.ts';

const verbs: Verbs = {
  backfill: {
    summary: 'scores the rest of history, of which a sample is scored',
    run: async () => (await import('./recommend/run.ts')).backfill(),
  },
  rescore: {
    summary: 'requests another recommendation for an order',
    run: async () => (await import('./recommend/run.ts')).rescore(),
  },
  'resume-agent': {
    summary: 'asks the agent again after it has stopped',
    run: async () => (await import('./recommend/run.ts')).resumeAgent(),
  },
  policy: {
    summary: 'lists, shows, checks, drafts and publishes policies',
    run: () => import('./recommend/policy.ts'),
  },
};

await runVerbOr(verbs, async () => (await import('./recommend/run.ts')).recommend(verbs));
