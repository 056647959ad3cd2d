import { describePolicy, parsePolicy } from '#lib/recommender/index.ts';
import { defineCommand, runProgram } from '../../cli/command.ts';
import { readRules } from './read-rules.ts';

const program = defineCommand(
  'recommend policy validate',
  'Says whether a file holds a policy, and what it means; no database is needed and nothing is stored.',
  ['data/policies/v2.json'],
).argument('<file>', 'the rules as JSON');

await runProgram(program, async () => {
  const [path = ''] = program.args;
  const policy = parsePolicy(await readRules(path), path);
  process.stderr.write(`${path} holds the policy ${policy.version}.\n`);
  process.stdout.write(`${describePolicy(policy)}\n`);
});
