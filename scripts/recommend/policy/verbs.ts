import type { Verbs } from '../../describe-verbs.ts';

export const policyVerbs: Verbs = {
  list: { does: 'lists every policy and says which one is active', run: () => import('./list.ts') },
  show: { does: 'shows the rules of one, in words and as they are written', run: () => import('./show.ts') },
  validate: {
    does: 'says whether a file holds a policy; stores nothing',
    run: () => import('./validate.ts'),
  },
  add: { does: 'stores the policy of a file as a new version', run: () => import('./add.ts') },
  activate: { does: 'makes a version the one that scores from now on', run: () => import('./activate.ts') },
};
