import { defineCommand, runCommand } from './cli/command.ts';

const program = defineCommand('db:migrate', 'Migrates the database to the schema of this version.', ['']);

await runCommand(program, async ({ migrated }) => {
  process.stdout.write(`${migrated} migrations applied\n`);
});
