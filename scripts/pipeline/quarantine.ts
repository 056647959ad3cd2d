import { chooseVerb } from './choose-verb.ts';

await chooseVerb('pipeline quarantine', 'Records that break a rule, kept as they came.', {
  list: { does: 'lists them, newest first', run: () => import('./quarantine-list.ts') },
  show: {
    does: 'prints one with its text and the rule that it breaks',
    run: () => import('./quarantine-show.ts'),
  },
  retry: { does: 'takes them again, as they came or mended', run: () => import('./quarantine-retry.ts') },
  drop: { does: 'gives them up; they are kept, and never taken', run: () => import('./quarantine-drop.ts') },
});
