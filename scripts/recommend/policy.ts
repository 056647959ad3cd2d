import { runVerb } from '../cli/verbs.ts';
import { policyVerbs } from './policy/verbs.ts';

const examples = ['list', 'show v2', 'validate data/policies/v2.json', 'add my-policy.json', 'activate v2'];

await runVerb(
  'recommend policy',
  'Lists, shows, checks, adds and activates policies.',
  policyVerbs,
  examples,
);
