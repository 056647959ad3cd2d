import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { sql } from 'drizzle-orm/sql';
import type { Pool } from '#db/client.ts';
import { integer } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { childEnvironment } from '#lib/env.ts';

const root = join(import.meta.dirname, '../../..');
const MAX_OUTPUT = 4000;

/** One of the project's commands, running as a supervisor runs it. */
export type CommandProcess = {
  child: ChildProcess;
  /** The last part of its stderr. */
  output(): string;
  /** The batches that it has reported as committed. */
  batches(): number;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Sends SIGKILL and waits for its end. */
  kill(): Promise<void>;
};

/** Starts the pipeline; `failpoints` has the form of the variable FAILPOINTS. */
export function startPipeline(url: string, args: string[], failpoints = ''): CommandProcess {
  return startCommand('pipeline.ts', args, { DATABASE_URL: url, FAILPOINTS: failpoints });
}

/** Starts the sync, which reads from and writes to the same database. */
export function startSync(url: string, mode: '--once' | '--continuous'): CommandProcess {
  return startCommand('sync.ts', [mode], { DATABASE_URL: url, LOG_LEVEL: 'silent' });
}

function startCommand(script: string, args: string[], env: Record<string, string>): CommandProcess {
  const child = spawn(process.execPath, [join(root, 'scripts', script), ...args], {
    cwd: root,
    env: childEnvironment({ ...env, NODE_NO_WARNINGS: '1' }),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  let batches = 0;
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    batches += chunk.match(/^batch \d/gm)?.length ?? 0;
    output = (output + chunk).slice(-MAX_OUTPUT);
  });
  const kill = () => child.kill('SIGKILL');
  process.on('exit', kill);
  const ended = once(child, 'exit').then(([code, signal]) => {
    process.off('exit', kill);
    return { code, signal };
  });
  return {
    child,
    output: () => output,
    batches: () => batches,
    ended,
    kill: async () => {
      kill();
      await ended;
    },
  };
}

/** Lets the pipeline ingest the rest of a volume. @returns a problem if it does not exit with 0. */
export async function drainVolume(url: string, volume: string): Promise<string[]> {
  const run = startPipeline(url, ['--once', '--volume', volume]);
  const { code, signal } = await run.ended;
  return code === 0 ? [] : [`the last run of the pipeline ended with ${code ?? signal}: ${run.output()}`];
}

const countFiles = statement({
  returns: { files: integer },
  sql: () => sql`select count(*)::integer as files from lakeflow.ingested_files`,
});

/** The number of files in the ledger. */
export async function countIngestedFiles(pool: Pool): Promise<number> {
  const [row] = await countFiles(pool, {});
  return row?.files ?? 0;
}
