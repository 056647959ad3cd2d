import { NotFoundError } from '#lib/errors.ts';
import { getQuarantined } from '#lib/pipeline/index.ts';
import { parseIds } from '../cli/arguments.ts';
import { defineCommand, runCommand } from '../cli/command.ts';

type Options = { raw?: true };

const examples = ['17', '17 --raw > record.json'];
const description = 'Prints records in quarantine as JSON: the text as it came, the rule and the reason.';
const program = defineCommand('pipeline quarantine show', description, examples)
  .argument('<ids...>', 'numbers of records')
  .option('--raw', 'only the bytes of one record, as they came');

await runCommand<Options>(
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
