import { type Command, Option } from 'commander';
import type { DatabaseServer } from '#db/embedded/open.ts';
import { systemClock } from '#lib/clock.ts';
import { childEnvironment, type Env } from '#lib/env.ts';
import { parseCount } from '../cli/arguments.ts';
import type { StopRequest } from '../cli/stop-request.ts';
import { type BoundedLog, openBoundedLog } from './process/bounded-log.ts';
import type { ChildSpec } from './process/child.ts';
import type { Service } from './process/keep-running.ts';
import { type RunRecord, runRecordPath, writeRunRecord } from './process/run-record.ts';
import { describeFailure } from './screen/describe-failure.ts';
import type { Screen } from './screen/screen.ts';

export type StartOptions = {
  /** Serves the console with hot reload instead of the build. */
  dev: boolean;
  /** The address that the console listens on. */
  host: string;
  /** The code of the location to simulate, or `all`. */
  location: string;
  /** Days of orders that the first start makes. */
  days: number;
  /** false: no orders are simulated; only files that arrive in the volume are ingested. */
  simulate: boolean;
};

/** Adds the arguments that `start` and `dev` share. */
export function addStartOptions(program: Command): Command {
  return program
    .option('--location <code>', 'whose orders to simulate: the code of a location, or all', 'portland')
    .addOption(
      new Option('--days <n>', 'days of orders that the first start makes').argParser(parseCount).default(3),
    )
    .option('--no-simulate', 'simulate no orders; only ingest what arrives in the volume')
    .option('--host <address>', 'the address that the console listens on', '127.0.0.1');
}

/** A command of scripts/ with its arguments. */
export type ScriptCall = [script: string, ...args: string[]];

/** What every part of one start works with. */
export type StartContext = {
  env: Env;
  options: StartOptions;
  /** The checkout. */
  root: string;
  screen: Screen;
  stop: StopRequest;
  /** The database, once it is open; replaced when it was lost. */
  server: DatabaseServer | undefined;
  /** The background commands, which end with the start. */
  services: Service[];
  /** A command of scripts/ as a process on the database. */
  command(script: string, args: string[]): ChildSpec;
  log(name: string): BoundedLog;
  /** Changes DATA_DIR/run.json. */
  updateRecord(change: Partial<RunRecord>): void;
};

const MAX_LOG_BYTES = 2_000_000;

type CreateContextParams = Pick<StartContext, 'env' | 'options' | 'root' | 'screen' | 'stop'> & {
  record: RunRecord;
};

/** Builds the context of a start. */
export function createContext({ record, ...params }: CreateContextParams): StartContext {
  const { env, options, screen } = params;
  let current = record;
  let isWritten = true;
  const context: StartContext = {
    ...params,
    server: undefined,
    services: [],
    command: (script, args) => ({
      name: script.replace(/\.ts$/, ''),
      script,
      args,
      env: childEnvironment({
        NODE_ENV: options.dev ? 'development' : 'production',
        NEXT_TELEMETRY_DISABLED: '1',
        // An address of the environment reaches the commands as it is, with that of a pooler beside it.
        ...(context.server && !env.DATABASE_URL && { DATABASE_URL: context.server.url }),
      }),
    }),
    log: (name) => {
      const log = openBoundedLog(logPath(env, name), MAX_LOG_BYTES, (error) =>
        screen.warn(`The log of ${name} cannot be written. ${describeFailure(error)}`),
      );
      return { write: (line) => log.write(`${systemClock.now().toISOString()} ${line}`) };
    },
    updateRecord: (change) => {
      current = { ...current, ...change, children: { ...current.children, ...change.children } };
      const failure = tryWriteRecord(env, current);
      if (failure && isWritten) screen.warn(failure);
      isWritten = failure === undefined;
    },
  };
  return context;
}

/** A full disk must not end the start; only doctor and the next start then know less. @returns why it failed. */
function tryWriteRecord(env: Env, record: RunRecord): string | undefined {
  try {
    writeRunRecord(runRecordPath(env.DATA_DIR), record);
    return undefined;
  } catch (error) {
    return `The record of running processes in ${env.DATA_DIR} cannot be written. ${describeFailure(error)}`;
  }
}

/** Where the output of a command that `npm start` runs is kept. */
export function logPath(env: Env, name: string): string {
  return `${env.DATA_DIR}/logs/${name}.log`;
}
