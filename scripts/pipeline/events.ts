import { Option } from 'commander';
import { listEvents } from '#lib/pipeline/index.ts';
import { parseCount } from '../cli/arguments.ts';
import { defineCommand, runCommand } from '../cli/command.ts';

type Options = { limit: number; batches?: true; level?: string; before?: number; json?: true };

const examples = ['', '--batches --limit 100', '--level error --json'];
const program = defineCommand(
  'pipeline events',
  'Lists what happened to the pipeline, newest first.',
  examples,
)
  .addOption(new Option('--limit <n>', 'maximum number of entries').argParser(parseCount).default(20))
  .option('--batches', 'with every committed batch')
  .addOption(new Option('--level <level>', 'only entries of this level').choices(['info', 'warn', 'error']))
  .addOption(new Option('--before <id>', 'only entries older than this one').argParser(parseCount))
  .option('--json', 'one JSON object a line, with the details');

await runCommand<Options>(
  program,
  async ({ options: { json, ...filter }, database }) => {
    const events = await listEvents(database, filter);
    if (events.length === 0) process.stderr.write('There is no such entry in the event log.\n');
    for (const event of events) {
      const { id, ts, level, type, message } = event;
      process.stdout.write(
        json ? `${JSON.stringify(event)}\n` : `${id}  ${ts}  ${level}  ${type}  ${message}\n`,
      );
    }
  },
  { max: 1 },
);
