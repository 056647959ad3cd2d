import { resetPassword } from '#lib/auth/people/index.ts';
import { defineCommand, runCommand } from './cli/command.ts';

const program = defineCommand('password', 'Gives a person a new password and ends their sessions.', [
  'reviewer@caspers.local',
]).argument('<email>', 'the address that the person signs in with');

await runCommand(program, async ({ args, database, clock }) => {
  const [email = ''] = args;
  const password = await resetPassword(database, email, clock.now());
  process.stderr.write(`The new password of ${email}; it is shown only now:\n`);
  process.stdout.write(`${password}\n`);
});
