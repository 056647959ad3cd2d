import { OperatorError } from '#lib/errors.ts';
import { describePolicy, listPolicies, parsePolicy } from '#lib/recommender/index.ts';
import { defineCommand, runCommand } from '../../cli/command.ts';

const program = defineCommand(
  'recommend policy show',
  'Prints the rules of a policy as JSON, which a file for add can start from, and in words.',
  ['', 'v2', 'v2 > my-policy.json'],
).argument('[version]', 'the version; the active one where none is named');

await runCommand(program, async ({ args: [version], database }) => {
  const policies = await listPolicies(database);
  const policy = policies.find((each) => (version ? each.version === version : each.isActive));
  if (!policy)
    throw new OperatorError(
      `There is no policy ${version}, but ${policies.map((each) => each.version).join(', ')}.`,
    );
  process.stderr.write(`${describePolicy(parsePolicy(policy.rules, policy.version))}\n`);
  process.stdout.write(`${JSON.stringify(policy.rules, null, 2)}\n`);
});
