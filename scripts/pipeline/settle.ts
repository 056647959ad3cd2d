import { readDatabaseClock } from '#db/database-clock.ts';
import { sleep } from '#lib/clock.ts';
import { volumeDirectory } from '#lib/env.ts';
import { OperatorError } from '#lib/errors.ts';
import { settleRequests } from '#lib/pipeline/requests/index.ts';
import type { CommandContext } from '../cli/command.ts';

const PATIENCE_MS = 60_000;

type SettleContext = Pick<CommandContext<unknown>, 'database' | 'env' | 'clock' | 'signal'>;

/** Waits until requests are carried out, by the running pipeline or by this process. @throws OperatorError */
export async function settle(
  { database: db, env, clock: systemClock, signal }: SettleContext,
  isSettled: () => Promise<boolean>,
): Promise<void> {
  const say = (message: string) => void process.stderr.write(`${message}\n`);
  const clock = await readDatabaseClock(db.pool, systemClock);
  const patience = AbortSignal.timeout(PATIENCE_MS);
  await settleRequests({ db, volume: volumeDirectory(env), clock, signal, sleep, say }, isSettled, patience);
  signal.throwIfAborted();
  if (!(await isSettled()))
    throw new OperatorError(
      'The running pipeline did not carry out the request within a minute. The request is kept; it is carried out between two batches.',
    );
}
