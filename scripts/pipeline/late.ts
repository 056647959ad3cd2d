import { runVerb } from '../cli/verbs.ts';

await runVerb('pipeline late', 'Events that came more than three hours behind the newest one.', {
  list: { summary: 'lists them, and which tables leave them out', run: () => import('./late-list.ts') },
  admit: { summary: 'adds their orders to those tables', run: () => import('./late-admit.ts') },
});
