import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { readDatabaseClock } from '#db/database-clock.ts';
import { messageOf, OperatorError } from '#lib/errors.ts';
import { getQuarantined, type QuarantinedRow, requestReplay } from '#lib/pipeline/index.ts';
import { defineCommand, runCommand } from '../cli/command.ts';
import { readChoice } from './quarantine-choice.ts';
import { settle } from './settle.ts';

type Options = { rule?: string; all?: true; file?: string };

const examples = ['17', '17 --file mended.json', '17 --file - < mended.json', '--rule future_ts', '--all'];
const description =
  'Takes records in quarantine again, each once: as they came, where the rules accept them now, or mended.';
const program = defineCommand('pipeline quarantine retry', description, examples)
  .argument('[ids...]', 'numbers of records')
  .option('--file <path>', 'the mended record, for one number; - reads it from stdin. The original is kept')
  .option('--rule <name>', 'all open ones that break this rule')
  .option('--all', 'all open ones');

await runCommand<Options>(
  program,
  async ({ options, args, ...context }) => {
    const choice = readChoice(args, options);
    const mended = options.file === undefined ? undefined : await readMended(options.file);
    const { database, clock } = context;
    const now = (await readDatabaseClock(database.pool, clock)).now();
    const { asked, refused } = await requestReplay(database, choice, { now, mended });
    const read = () => getQuarantined(database, asked);
    if (asked.length > 0)
      await settle(context, async () => (await read()).every(({ state }) => state !== 'asked for'));
    const rows = await read();
    const count = (wanted: QuarantinedRow['state']) => rows.filter(({ state }) => state === wanted).length;
    const again = rows
      .filter(({ state }) => state === 'open')
      .map(({ id, rule, reason }) => ({ id, rule, reason }));
    const left = [...refused, ...again];
    const result = { taken: count('taken'), wasThere: count('was there already'), refused: left };
    process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    if (left.length > 0)
      throw new OperatorError(`${left.length} records still break a rule and stay in quarantine.`);
  },
  { max: 3, statementTimeoutMs: 0 },
);

async function readMended(path: string): Promise<string> {
  if (path === '-') return text(process.stdin);
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new OperatorError(`The mended record cannot be read: ${messageOf(error)}.`, { cause: error });
  });
}
