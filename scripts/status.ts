import { volumeDirectory } from '#lib/env.ts';
import { formatStatus, getStatus } from '#lib/health/index.ts';
import { defineCommand, runCommand } from './cli/command.ts';

type Options = { json?: true; volume?: string };

const program = defineCommand('status', 'Shows how far each stage is and what is waiting.', ['', '--json'])
  .option('--json', 'print it as JSON')
  .option('--volume <dir>', 'the directory of the event files');

await runCommand<Options>(
  program,
  async ({ options, env, database, clock }) => {
    const volume = options.volume ?? volumeDirectory(env);
    const kind = env.DATABASE_URL ? 'external' : 'embedded';
    const status = await getStatus(database, { clock, volume, kind });
    const text = options.json ? `${JSON.stringify(status, null, 2)}\n` : formatStatus(status);
    process.stdout.write(text);
  },
  { max: 1, statementTimeoutMs: 0 },
);
