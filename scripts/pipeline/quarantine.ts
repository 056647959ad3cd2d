import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { readDatabaseClock } from '#db/database-clock.ts';
import { messageOf, NotFoundError, OperatorError, UsageError } from '#lib/errors.ts';
import { formatColumns } from '#lib/health/index.ts';
import {
  dropQuarantined,
  getQuarantined,
  listQuarantined,
  type QuarantineChoice,
  type QuarantinedRow,
  requestReplay,
} from '#lib/pipeline/requests/index.ts';
import { parseCount, parseIds } from '../cli/arguments.ts';
import { defineCommand, runCommand } from '../cli/command.ts';
import { runVerb } from '../cli/verbs.ts';
import { settle } from './settle.ts';

const PATH = 'pipeline quarantine';

await runVerb(PATH, 'Records that break a rule, kept as they came.', {
  list: { summary: 'lists them, newest first', run: list },
  show: { summary: 'prints one with its text and the rule that it breaks', run: show },
  retry: { summary: 'ingests them again, as they came or corrected', run: retry },
  drop: { summary: 'drops them; they are kept, and never ingested', run: drop },
});

function list() {
  const examples = ['', '--rule bad_price', '--all --limit 500 --json'];
  const program = defineCommand(`${PATH} list`, 'Lists records in quarantine, newest first.', examples)
    .option('--rule <name>', 'only those that break this rule')
    .option('--all', 'also those that were replayed or dropped')
    .option('--limit <n>', 'maximum number of rows', parseCount, 50)
    .option('--json', 'as JSON');
  type Options = { rule?: string; all?: true; limit: number; json?: true };
  return runCommand<Options>(
    program,
    async ({ options, database }) => {
      const rows = await listQuarantined(database, options);
      if (rows.length === 0) process.stderr.write('There are no such records in quarantine.\n');
      const cells = rows.map((row) => [
        ...[String(row.id), row.rule, `${row.file}:${row.line}`, row.quarantinedAt, row.state],
        row.reason.length > 100 ? `${row.reason.slice(0, 97)}...` : row.reason,
      ]);
      const head = ['id', 'rule', 'where', 'since', 'state', 'reason'];
      const table = options.json
        ? `${JSON.stringify(rows, null, 2)}\n`
        : formatColumns([head, ...cells], [0]);
      if (rows.length > 0 || options.json) process.stdout.write(table);
    },
    { max: 1 },
  );
}

function show() {
  const description = 'Prints records in quarantine as JSON: the text as it came, the rule and the reason.';
  const program = defineCommand(`${PATH} show`, description, ['17', '17 --raw > record.json'])
    .argument('<ids...>', 'numbers of records')
    .option('--raw', 'only the bytes of one record, as they came');
  return runCommand<{ raw?: true }>(
    program,
    async ({ options, args, database }) => {
      const ids = parseIds(args);
      const records = await getQuarantined(database, ids);
      const missing = ids.filter((id) => !records.some((record) => record.id === id));
      if (missing.length > 0) throw new NotFoundError(`No record in quarantine: ${missing.join(', ')}.`);
      for (const { raw, encoding } of options.raw ? records : [])
        process.stdout.write(Buffer.from(raw, encoding === 'text' ? 'utf8' : 'base64'));
      if (!options.raw) process.stdout.write(`${JSON.stringify(records, null, 2)}\n`);
    },
    { max: 1 },
  );
}

function retry() {
  const examples = [
    '17',
    '17 --file corrected.json',
    '17 --file - < corrected.json',
    '--rule future_ts',
    '--all',
  ];
  const description =
    'Ingests records in quarantine again, each once: as they came, if the rules accept them now, or corrected.';
  const program = defineCommand(`${PATH} retry`, description, examples)
    .argument('[ids...]', 'numbers of records')
    .option(
      '--file <path>',
      'the corrected record, for one number; - reads it from stdin. The original is kept',
    )
    .option('--rule <name>', 'all open ones that break this rule')
    .option('--all', 'all open ones');
  return runCommand<ChoiceOptions & { file?: string }>(
    program,
    async ({ options, args, ...context }) => {
      const choice = readChoice(args, options);
      const replacement = options.file === undefined ? undefined : await readReplacement(options.file);
      const { database, clock } = context;
      const now = (await readDatabaseClock(database.pool, clock)).now();
      const { requested, rejected } = await requestReplay(database, choice, { now, replacement });
      const read = () => getQuarantined(database, requested);
      if (requested.length > 0)
        await settle(context, async () => (await read()).every(({ state }) => state !== 'requested'));
      const rows = await read();
      const count = (wanted: QuarantinedRow['state']) => rows.filter(({ state }) => state === wanted).length;
      const reopened = rows.filter(({ state }) => state === 'open');
      const left = [...rejected, ...reopened.map(({ id, rule, reason }) => ({ id, rule, reason }))];
      const result = { replayed: count('replayed'), alreadyStored: count('already stored'), rejected: left };
      process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
      if (left.length > 0)
        throw new OperatorError(`${left.length} records still break a rule and stay in quarantine.`);
    },
    { max: 3, statementTimeoutMs: 0 },
  );
}

function drop() {
  const description = 'Drops records in quarantine: they are kept as they came, and never ingested.';
  const examples = ['17 18', '--rule malformed_json', '--all'];
  const program = defineCommand(`${PATH} drop`, description, examples)
    .argument('[ids...]', 'numbers of records')
    .option('--rule <name>', 'all open ones that break this rule')
    .option('--all', 'all open ones');
  return runCommand<ChoiceOptions>(
    program,
    async ({ options, args, database, clock }) => {
      const dropped = await dropQuarantined(database, readChoice(args, options), clock.now());
      process.stdout.write(`${JSON.stringify({ dropped })}\n`);
    },
    { max: 1 },
  );
}

type ChoiceOptions = { rule?: string; all?: true };

/** Which records a command is about: numbers, a rule, or all. @throws UsageError unless it is exactly one of them. */
function readChoice(args: readonly string[], { rule, all }: ChoiceOptions): QuarantineChoice {
  const given = [args.length > 0, rule !== undefined, all === true].filter(Boolean).length;
  if (given !== 1) throw new UsageError('Give numbers of records, --rule, or --all.');
  if (args.length > 0) return { ids: parseIds(args) };
  return rule === undefined ? {} : { rule };
}

async function readReplacement(path: string): Promise<string> {
  if (path === '-') return text(process.stdin);
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new OperatorError(`The corrected record cannot be read: ${messageOf(error)}.`, { cause: error });
  });
}
