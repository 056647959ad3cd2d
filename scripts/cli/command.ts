import { constants } from 'node:os';
import { Command, CommanderError, type OptionValues } from 'commander';
import { type ConnectOptions, connect, type Database } from '#db/client.ts';
import { describeError } from '#db/connection-error.ts';
import { openDatabaseServer } from '#db/embedded/open.ts';
import { type Migrated, migrateDatabase } from '#db/migrate/migrate.ts';
import { type Clock, systemClock } from '#lib/clock.ts';
import { type Env, loadEnv } from '#lib/env.ts';
import { ExpectationFailedError, UsageError } from '#lib/errors.ts';
import { armFailpoints } from '#lib/failpoint.ts';
import { createLog, type Log } from '#lib/log.ts';
import { listenForStop, type StopRequest } from './stop-request.ts';

/** What a command works with. `signal` aborts when it is asked to stop; `migrated` counts what has just changed in the schema. */
export type CommandContext<Options> = {
  options: Options;
  args: string[];
  env: Env;
  database: Database;
  url: string;
  migrated: Migrated;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
};

type Work<Options> = (context: CommandContext<Options>) => Promise<unknown>;
type Connection = Pick<ConnectOptions, 'max' | 'statementTimeoutMs' | 'role'>;

/** A commander program with the name of its npm script, perhaps followed by verbs, and the examples that `--help` shows. */
export function defineCommand(name: string, description: string, examples: string[]): Command {
  const [script, ...verbs] = name.split(' ');
  const calls = examples.map((example) => [...verbs, example].join(' ').trim());
  const shown = calls.map((call) => `  $ npm run ${script}${call && ` -- ${call}`}`).join('\n');
  return new Command(name).description(description).addHelpText('after', `\nExamples:\n${shown}`);
}

/**
 * Runs a command as `runProgram` does, with the database: opens and migrates it, and closes it afterwards, also when
 * the command is asked to stop.
 */
export async function runCommand<Options extends OptionValues>(
  program: Command,
  work: Work<Options>,
  connection: Connection = {},
): Promise<never> {
  return runProgram(program, (signal) => runWork(program, work, connection, signal));
}

/**
 * Runs a program from its arguments to its exit code: 0 success, 1 failure, 2 wrong usage, 3 stopped by a rule of the
 * data, 130 interrupted. A second request to stop ends it at once. Work that runs until it is stopped returns when
 * `signal` aborts.
 */
export async function runProgram(
  program: Command,
  work: (signal: AbortSignal) => Promise<unknown>,
): Promise<never> {
  return runUntilStopped(program, (stop) => {
    stop.atOnce.addEventListener('abort', () => process.exit(130));
    return work(stop.signal);
  });
}

/** As `runProgram`, for work that handles a second request to stop by itself. */
export async function runUntilStopped(
  program: Command,
  work: (stop: StopRequest) => Promise<unknown>,
): Promise<never> {
  const stop = listenForStop();
  let code = 0;
  try {
    program.exitOverride().parse(argumentsOf(program), { from: 'user' });
    await work(stop);
  } catch (error) {
    code = exitCodeOf(error, stop.signal);
  }
  stop.dispose();
  await new Promise((resolve) => process.stdout.write('', resolve));
  process.exit(code);
}

/** The arguments of the process without the verbs that are part of the program's name. */
function argumentsOf(program: Command): string[] {
  return process.argv.slice(1 + program.name().split(' ').length);
}

async function runWork<Options extends OptionValues>(
  program: Command,
  work: Work<Options>,
  connection: Connection,
  signal: AbortSignal,
): Promise<void> {
  const env = loadEnv();
  armFailpoints(env.FAILPOINTS);
  const log = createLog(program.name(), env.LOG_LEVEL);
  const { url, release } = await openDatabaseServer(env, log);
  const database = connect({ url, applicationName: `caspers ${program.name()}`, ...connection });
  try {
    const migrated = await migrateDatabase(url);
    signal.throwIfAborted();
    const input = { options: program.opts<Options>(), args: program.args };
    await work({ ...input, env, database, url, migrated, clock: systemClock, log, signal });
  } finally {
    await database.close();
    await release();
  }
}

/** Prints the error on stderr, with its stack only if it is unexpected. */
function exitCodeOf(error: unknown, signal: AbortSignal): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (isInterruption(error, signal)) return 128 + (signalNumbers[signal.reason] ?? constants.signals.SIGTERM);
  const known = describeError(error);
  const text = known?.message ?? (error instanceof Error ? error.stack : String(error));
  process.stderr.write(`${text}\n`);
  if (known instanceof ExpectationFailedError) return 3;
  return known instanceof UsageError ? 2 : 1;
}

const signalNumbers: Record<string, number> = { ...constants.signals };

function isInterruption(error: unknown, signal: AbortSignal): boolean {
  return (
    signal.aborted && (error === signal.reason || (error instanceof Error && error.name === 'AbortError'))
  );
}
