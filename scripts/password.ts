import { resetPassword } from '#lib/auth/people/index.ts';
import { defineCommand, runCommand } from './cli/command.ts';

const program = defineCommand('password', 'Sets a new password for a person and ends their sessions.', [
  'reviewer@caspers.local',
]).argument('<email>', 'the e-mail address of the person');

await runCommand(program, async ({ args, database, clock }) => {
  const [email = ''] = args;
  const password = await resetPassword(database, email, clock.now());
  process.stderr.write(`The new password of ${email}; it is shown only this once:\n`);
  process.stdout.write(`${password}\n`);
});
