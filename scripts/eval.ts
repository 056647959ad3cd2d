import { runVerbOr } from './cli/verbs.ts';

await runVerbOr(
  {
    compare: {
      summary: 'says what differs between two runs',
      run: () => import('#verification/eval/compare.ts'),
    },
  },
  () => import('#verification/eval/run.ts'),
);
