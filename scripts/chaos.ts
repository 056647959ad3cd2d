import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { InvalidArgumentError, Option } from 'commander';
import { loadEnv } from '#lib/env.ts';
import { OperatorError } from '#lib/errors.ts';
import { createLog } from '#lib/log.ts';
import { type ExperimentName, experimentNames, runChaos } from '#verification/chaos/run-chaos.ts';
import { parseCount } from './cli/arguments.ts';
import { defineCommand, runProgram } from './cli/command.ts';

type Options = { seed?: number; only: ExperimentName[]; times?: number; seconds?: number };

const examples = [
  '',
  '--only kills --times 20',
  '--only passwords --times 10 --seconds 60',
  '--seed 7 --only mutations deliveries',
];
const program = defineCommand(
  'chaos',
  'Injects faults into running pipelines, syncs and consoles, and checks the data that is left.',
  examples,
)
  .addOption(new Option('--seed <n>', 'repeats the random choices of a run').argParser(readSeed))
  .addOption(
    new Option('--only <name...>', 'only these experiments')
      .choices(experimentNames)
      .default(experimentNames, 'all'),
  )
  .addOption(new Option('--times <n>', 'how often each experiment injects its fault').argParser(parseCount))
  .addOption(
    new Option('--seconds <n>', 'the time between two faults, for passwords: 60').argParser(parseCount),
  );

await runProgram(program, async (signal) => {
  const { seed = randomInt(1_000_000), only, times, seconds } = program.opts<Options>();
  const env = loadEnv();
  const say = (message: string) => void process.stderr.write(`${message}\n`);
  say(`Seed ${seed}, commit ${readCommit()}.`);
  const log = createLog('chaos', 'warn');
  const problems = await runChaos({ env, log, only, seed, times, seconds, signal, say }, (result) => {
    process.stdout.write(`${JSON.stringify(result)}\n`);
  });
  if (problems > 0) throw new OperatorError(`${problems} problems. Repeat this run with --seed ${seed}.`);
});

function readSeed(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

function readCommit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { stdio: 'pipe' }).toString().trim();
  } catch {
    return 'unknown (not a git checkout)';
  }
}
