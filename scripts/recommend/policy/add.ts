import { addPolicy } from '#lib/recommender/index.ts';
import { defineCommand, runCommand } from '../../cli/command.ts';
import { readRules } from './read-rules.ts';

const program = defineCommand(
  'recommend policy add',
  'Stores the policy of a file as a new version, which is not active yet.',
  ['my-policy.json'],
).argument('<file>', 'the rules as JSON');

await runCommand(program, async ({ args: [path = ''], database }) => {
  const { version, added } = await addPolicy(database, await readRules(path), path);
  process.stderr.write(
    added
      ? `Stored as ${version}. recommend policy activate ${version} lets it score.\n`
      : `Nothing to do: ${version} is stored with the same rules.\n`,
  );
  process.stdout.write(`${JSON.stringify({ version, added })}\n`);
});
