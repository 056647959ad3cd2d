import { listPolicies } from '#lib/recommender/index.ts';
import { defineCommand, runCommand } from '../../cli/command.ts';

type Options = { json?: true };

const program = defineCommand('recommend policy list', 'Lists every policy, the newest first.', [
  '',
  '--json',
]).option('--json', 'one JSON object a line, with the rules');

await runCommand<Options>(program, async ({ options, database }) => {
  for (const policy of await listPolicies(database)) {
    const { version, description, isActive, activatedTs } = policy;
    const state = isActive ? `active since ${activatedTs}` : 'not active';
    process.stdout.write(
      options.json ? `${JSON.stringify(policy)}\n` : `${version}  ${state}  ${description}\n`,
    );
  }
});
