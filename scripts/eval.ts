import { runVerbOr } from './cli/verbs.ts';

await runVerbOr(
  {
    compare: {
      summary: 'says what differs between two runs',
      run: () => import('#verification/eval/compare.ts'),
    },
    'real-model': {
      summary: 'asks a small real model, which it downloads once, about some labelled orders',
      run: () => import('#verification/real-model/run.ts'),
    },
  },
  () => import('#verification/eval/run.ts'),
);
