import { defineCommand, runCommand } from './cli/command.ts';

const program = defineCommand('db:migrate', 'Migrates the database to the schema of this version.', ['']);

await runCommand(program, async ({ migrated }) => {
  const { migrations, definitions } = migrated;
  process.stdout.write(
    `${migrations} migrations applied, ${definitions} functions, views and triggers installed\n`,
  );
});
