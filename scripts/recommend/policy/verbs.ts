import type { Verbs } from '../../cli/verbs.ts';

export const policyVerbs: Verbs = {
  list: { summary: 'lists every policy and says which one is active', run: () => import('./list.ts') },
  show: {
    summary: 'shows the rules of one, in words and as they are written',
    run: () => import('./show.ts'),
  },
  validate: {
    summary: 'says whether a file holds a policy; stores nothing',
    run: () => import('./validate.ts'),
  },
  add: { summary: 'stores the policy of a file as a new version', run: () => import('./add.ts') },
  activate: {
    summary: 'makes a version the one that scores from now on',
    run: () => import('./activate.ts'),
  },
};
