import { chooseVerb } from './choose-verb.ts';

await chooseVerb('pipeline late', 'Events that came more than three hours behind the newest one.', {
  list: { does: 'lists them, and which tables leave them out', run: () => import('./late-list.ts') },
  admit: { does: 'adds their orders to those tables', run: () => import('./late-admit.ts') },
});
