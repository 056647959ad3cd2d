import { defineCommand, runCommand } from './command.ts';

const program = defineCommand('db:migrate', 'Brings the database to the schema of this version.', ['']);

await runCommand(program, async ({ migrated }) => {
  process.stdout.write(`${migrated} migrations applied\n`);
});
