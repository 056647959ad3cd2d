import { UsageError } from '#lib/errors.ts';
import { defineCommand, runProgram } from '../command.ts';
import { describeVerbs } from '../describe-verbs.ts';
import { policyVerbs } from './policy/verbs.ts';

const [, , , name = ''] = process.argv;
if (Object.hasOwn(policyVerbs, name)) await policyVerbs[name]?.run();

const examples = ['list', 'show v2', 'validate data/policies/v2.json', 'add my-policy.json', 'activate v2'];
const program = defineCommand(
  'recommend policy',
  'Lists, shows, checks, adds and activates policies.',
  examples,
)
  .argument('<verb>', Object.keys(policyVerbs).join(', '))
  .addHelpText('after', describeVerbs(policyVerbs));

await runProgram(program, async () => {
  throw new UsageError(`"${name}" is none of ${Object.keys(policyVerbs).join(', ')}.`);
});
