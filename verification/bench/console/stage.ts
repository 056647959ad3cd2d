import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Database } from '#db/client.ts';
import { createApiToken } from '#lib/auth/people/index.ts';
import { childEnvironment, type Env } from '#lib/env.ts';
import type { Log } from '#lib/log.ts';
import { type Scratch, withScratch } from '../scratch.ts';
import { cpuSeconds } from './cpu-seconds.ts';
import { type Question, questionsOn, type Side } from './questions.ts';
import { seedEvents } from './seed-events.ts';
import { seedQueue } from './seed-queue.ts';

/** A server that is measured. `cpu` is the processor time of it and its connections so far. */
export type Served = { url: string; cpu(): Promise<number | undefined>; stop(): Promise<void> };

/** A queue of `size` orders, the console and the baseline on it, and the programs that ask the console. */
export type Stage = {
  size: number;
  scratch: Scratch;
  questions: Question[];
  servers: Record<Side, Served>;
  /** The headers of one program after the other: each may write 600 times a minute. */
  credentials: Record<string, string>[];
};

const PROGRAMS = 40;

/** Opens a stage of each size, all at once so that they can be asked by turns, and closes them after `work`. */
export async function withStages(
  { env, log, sizes }: { env: Env; log: Log; sizes: number[] },
  work: (stages: Stage[]) => Promise<void>,
  open: Stage[] = [],
): Promise<void> {
  const [size, ...others] = sizes;
  if (size === undefined) return work(open);
  await withScratch(env, log, async (scratch) => {
    const stage = await openStage(scratch, size);
    await withStages({ env, log, sizes: others }, work, [...open, stage]).finally(() =>
      Promise.all([stage.servers.own.stop(), stage.servers.bare.stop()]),
    );
  });
}

async function openStage(scratch: Scratch, size: number): Promise<Stage> {
  await seedQueue(scratch.db, size);
  await seedEvents(scratch.db, size);
  await scratch.db.pool.query('vacuum analyze');
  const credentials: Stage['credentials'] = [];
  for (let n = 0; n < PROGRAMS; n++) credentials.push(await issue(scratch.db, `bench-${n}`));
  const own = await serve('../../console.ts', scratch, 'caspers console');
  const bare = await serve('baseline-server.ts', scratch, 'bench baseline');
  return { size, scratch, questions: questionsOn(size), servers: { own, bare }, credentials };
}

async function issue(db: Database, name: string): Promise<Record<string, string>> {
  const admin = { email: 'bench', role: 'admin' } as const;
  return { authorization: `Bearer ${await createApiToken(db, admin, { name, role: 'reviewer', days: 1 })}` };
}

async function serve(script: string, { db, url, directory }: Scratch, application: string): Promise<Served> {
  const { child, stop } = await startProcess(script, [], {
    DATABASE_URL: url,
    DATA_DIR: directory,
    PORT: '',
  });
  const [message] = (await once(child, 'message')) as [{ ready: { port: number } }];
  return {
    url: `http://127.0.0.1:${message.ready.port}`,
    cpu: () => cpuSeconds(db.pool, child.pid ?? 0, application),
    stop,
  };
}

/** Runs a script beside this one as it is run in production. */
export async function startProcess(
  script: string,
  args: string[],
  given: Record<string, string>,
  talk: 'inherit' | 'ignore' = 'inherit',
) {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const env = childEnvironment({ NODE_ENV: 'production', LOG_LEVEL: 'error', ...given });
  const child = fork(path, args, { env, stdio: ['ignore', 'ignore', talk, 'ipc'] });
  const stop = async () => {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  return { child, stop };
}
