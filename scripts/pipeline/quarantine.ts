import { runVerb } from '../cli/verbs.ts';

await runVerb('pipeline quarantine', 'Records that break a rule, kept as they came.', {
  list: { summary: 'lists them, newest first', run: () => import('./quarantine-list.ts') },
  show: {
    summary: 'prints one with its text and the rule that it breaks',
    run: () => import('./quarantine-show.ts'),
  },
  retry: { summary: 'takes them again, as they came or mended', run: () => import('./quarantine-retry.ts') },
  drop: {
    summary: 'gives them up; they are kept, and never taken',
    run: () => import('./quarantine-drop.ts'),
  },
});
