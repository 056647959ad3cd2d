import { Command } from 'commander';
import { connect } from '#db/client.ts';
import { sleep, systemClock } from '#lib/clock.ts';
import { loadEnv, volumeDirectory } from '#lib/env.ts';
import { defaultLimits } from '#lib/pipeline/options.ts';
import { runPipeline } from '#lib/pipeline/run.ts';

const command = new Command('pipeline')
  .option('--once')
  .option('--continuous')
  .option('--volume <dir>')
  .option('--max-files <n>');
command.parse();
const options = command.opts();
const env = loadEnv();
const db = connect({
  url: env.DATABASE_URL ?? '',
  applicationName: 'caspers pipeline',
  max: 2,
  statementTimeoutMs: 0,
});
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
process.once('SIGTERM', () => stop.abort());
const counts = await runPipeline({
  db,
  volume: options.volume ?? volumeDirectory(env),
  mode: options.continuous ? 'continuous' : 'once',
  limits: { ...defaultLimits, ...(options.maxFiles ? { maxFiles: Number(options.maxFiles) } : {}) },
  clock: systemClock,
  sleep,
  signal: stop.signal,
  say: (message) => process.stderr.write(`${message}\n`),
});
await db.close();
process.stdout.write(`${JSON.stringify(counts)}\n`);
