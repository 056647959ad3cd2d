import type { NewAccount } from '#lib/auth/people/index.ts';
import type { Ready } from './bring-up.ts';
import type { Screen } from './screen.ts';

/** Says where the console is and how to sign in; the line on stdout is for programs. */
export function showReady({ url, accounts }: Ready, screen: Screen): void {
  screen.say('');
  screen.say(`The Refund Manager is at ${url}`);
  screen.say('');
  for (const line of accounts.length > 0 ? newAccounts(accounts) : oldAccounts) screen.say(line);
  screen.say('');
  screen.say('Orders keep flowing in the background. Ctrl-C stops everything; npm start goes on from there.');
  process.stdout.write(`ready ${url}\n`);
}

function newAccounts(accounts: NewAccount[]): string[] {
  const width = Math.max(...accounts.map(({ email }) => email.length));
  const rows = accounts.map(
    ({ email, password, role }) => `  ${email.padEnd(width)}  ${password}  (${role})`,
  );
  return ['Sign in with one of these. The passwords are shown this once and kept only as hashes:', ...rows];
}

const oldAccounts = [
  'The passwords were shown at the first start. For a new one: npm run password -- reviewer@caspers.local',
];
