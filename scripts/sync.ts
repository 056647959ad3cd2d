import { Option } from 'commander';
import { connect } from '#db/client.ts';
import { sleep } from '#lib/clock.ts';
import { UsageError } from '#lib/errors.ts';
import type { Databases } from '#lib/sync/index.ts';
import { type SyncOptions, syncContinuously, syncOnce, syncSnapshot } from '#lib/sync/index.ts';
import { defineCommand, runCommand } from './cli/command.ts';

type Options = { once?: true; continuous?: true; snapshot?: true };

const program = defineCommand(
  'sync',
  "Copies the newest recommendation of each order, and the order, to the console's tables.",
  ['--once', '--continuous', '--snapshot'],
)
  .addOption(new Option('--once', 'copy what is missing and end').conflicts(['continuous', 'snapshot']))
  .addOption(
    new Option('--continuous', 'keep copying new recommendations until stopped').conflicts('snapshot'),
  )
  .addOption(new Option('--snapshot', 'replace the whole tables in one transaction, and end'));

const connection = { max: 3, statementTimeoutMs: 0 };

await runCommand<Options>(
  program,
  async ({ options, env, database: target, clock, log, signal }) => {
    const { LAKEHOUSE_DATABASE_URL: url } = env;
    const lakehouse = url
      ? connect({ url, applicationName: 'caspers sync source', ...connection, role: 'caspers_sync' })
      : undefined;
    const say = (message: string) => void process.stderr.write(`${message}\n`);
    const common = { clock, log, signal, sleep, say };
    await run({ source: lakehouse ?? target, target }, options, common).finally(() => lakehouse?.close());
    if (!options.continuous) signal.throwIfAborted();
  },
  { ...connection, role: 'caspers_sync' },
);

async function run(databases: Databases, options: Options, common: SyncOptions): Promise<void> {
  if (options.continuous) return syncContinuously(databases, common);
  if (!options.once && !options.snapshot) throw new UsageError('Choose --once, --continuous or --snapshot.');
  const counts = options.snapshot ? await syncSnapshot(databases, common) : await syncOnce(databases, common);
  const refreshed = 'refreshed' in counts ? counts.refreshed : 0;
  if (counts.written + counts.quarantined + refreshed === 0 && !common.signal.aborted)
    common.say('Nothing to do: the tables are up to date.');
  process.stdout.write(`${JSON.stringify(counts)}\n`);
}
