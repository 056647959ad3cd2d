import type { DatabaseServer } from '#db/embedded/open.ts';
import { systemClock } from '#lib/clock.ts';
import { childEnvironment, type Env } from '#lib/env.ts';
import type { StopRequest } from '../cli/stop-request.ts';
import { type BoundedLog, openBoundedLog } from './bounded-log.ts';
import type { ChildSpec } from './child.ts';
import { describeTrouble } from './describe-trouble.ts';
import type { Service } from './keep-running.ts';
import { type RunRecord, runRecordPath, writeRunRecord } from './run-record.ts';
import type { Screen } from './screen.ts';

export type StartOptions = {
  /** Serves the console with hot reload instead of the build. */
  dev: boolean;
  /** The address that the console listens on. */
  host: string;
  /** The code of the location to simulate, or `all`. */
  location: string;
  /** Days of orders that the first start makes. */
  days: number;
  /** false: no orders are invented; only what arrives in the volume flows. */
  simulate: boolean;
};

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
  /** What runs in the background; ended together when the start ends. */
  services: Service[];
  /** A command of scripts/ as a process on the database. */
  command(script: string, args: string[]): ChildSpec;
  log(name: string): BoundedLog;
  /** Changes what DATA_DIR/run.json says. */
  updateRecord(change: Partial<RunRecord>): void;
};

const LOG_BYTES = 2_000_000;

type Given = Pick<StartContext, 'env' | 'options' | 'root' | 'screen' | 'stop'> & { record: RunRecord };

/** Puts the parts of a start together. */
export function createContext({ record, ...given }: Given): StartContext {
  const { env, options, screen } = given;
  let current = record;
  let noted = true;
  const context: StartContext = {
    ...given,
    server: undefined,
    services: [],
    command: (script, args) => ({
      name: script.replace(/\.ts$/, ''),
      script,
      args,
      env: childEnvironment({
        NODE_ENV: options.dev ? 'development' : 'production',
        NEXT_TELEMETRY_DISABLED: '1',
        ...(context.server && { DATABASE_URL: context.server.url }),
      }),
    }),
    log: (name) => {
      const log = openBoundedLog(logPath(env, name), LOG_BYTES, (error) =>
        screen.warn(`The log of ${name} cannot be written. ${describeTrouble(error)}`),
      );
      return { write: (line) => log.write(`${systemClock.now().toISOString()} ${line}`) };
    },
    updateRecord: (change) => {
      current = { ...current, ...change, children: { ...current.children, ...change.children } };
      const failure = keepRecord(env, current);
      if (failure && noted) screen.warn(failure);
      noted = failure === undefined;
    },
  };
  return context;
}

/** A full disk must not end what runs; doctor and the next start then know less. @returns why it failed. */
function keepRecord(env: Env, record: RunRecord): string | undefined {
  try {
    writeRunRecord(runRecordPath(env.DATA_DIR), record);
    return undefined;
  } catch (error) {
    return `What runs cannot be noted in ${env.DATA_DIR}. ${describeTrouble(error)}`;
  }
}

/** Where the output of a command that `npm start` runs is kept. */
export function logPath(env: Env, name: string): string {
  return `${env.DATA_DIR}/logs/${name}.log`;
}
