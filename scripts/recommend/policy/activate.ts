import { activatePolicy } from '#lib/recommender/index.ts';
import { defineCommand, runCommand } from '../../cli/command.ts';

const program = defineCommand(
  'recommend policy activate',
  'Makes a version the one that scores from now on; what is recommended already stays.',
  ['v2'],
).argument('<version>', 'the version');

await runCommand(program, async ({ args: [version = ''], database, clock }) => {
  const activated = await activatePolicy(database, version, clock.now());
  process.stderr.write(
    activated ? `${version} scores from now on.\n` : `Nothing to do: ${version} is active.\n`,
  );
  process.stdout.write(`${JSON.stringify({ version, activated })}\n`);
});
