import { volumeDirectory } from '#lib/env.ts';
import { OperatorError } from '#lib/errors.ts';
import { checkAccounts, describeAccounts } from '#lib/health/index.ts';
import { defineCommand, runCommand } from '../cli/command.ts';

type Options = { json?: true; volume?: string };

const program = defineCommand(
  'pipeline check',
  'Accounts for every file and record that was ingested, and compares the ledger of files with the tables.',
  ['', '--json'],
)
  .addHelpText('after', '\nExit codes: 0 it adds up, 1 it does not (the differences are printed).')
  .option('--json', 'as JSON')
  .option('--volume <dir>', 'the directory of the event files');

await runCommand<Options>(
  program,
  async ({ options, env, database }) => {
    const found = await checkAccounts(database, options.volume ?? volumeDirectory(env));
    const { accounts, waiting, changed, differences } = found;
    const { files, records } = describeAccounts(accounts, waiting, changed);
    const { bronze, events, replayed, deleted } = accounts;
    const rows = `${bronze} = ${events} events + ${replayed} from quarantine - ${deleted} deleted`;
    const text = `files    ${files}\nrecords  ${records}\nbronze   ${rows}\n`;
    process.stdout.write(options.json ? `${JSON.stringify(found, null, 2)}\n` : text);
    for (const { batchId, file, what, ledger, found: there } of differences)
      process.stderr.write(
        `Batch ${batchId}${file ? `, ${file}` : ''}: ${what}: ${ledger} in the ledger, ${there} found.\n`,
      );
    if (differences.length > 0 || !accounts.addsUp)
      throw new OperatorError('The tables differ from the ledger.');
  },
  { max: 1, statementTimeoutMs: 0 },
);
