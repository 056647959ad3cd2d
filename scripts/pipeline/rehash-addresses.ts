import { loadAddressKey, rehashAddresses } from '#lib/pipeline/index.ts';
import { defineCommand, runCommand } from '../cli/command.ts';

const program = defineCommand(
  'pipeline rehash-addresses',
  'Hashes the addresses of all orders with the current key: after ADDRESS_HASH_KEY has changed, or the first time.',
  [''],
);

await runCommand(
  program,
  async ({ env, database: db, clock, signal }) => {
    const counts = await rehashAddresses({ db, clock, key: loadAddressKey(env), signal });
    process.stdout.write(`${JSON.stringify(counts)}\n`);
    signal.throwIfAborted();
  },
  { max: 2, statementTimeoutMs: 0, role: 'caspers_pipeline' },
);
