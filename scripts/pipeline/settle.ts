import { readDatabaseClock } from '#db/database-clock.ts';
import { sleep } from '#lib/clock.ts';
import { volumeDirectory } from '#lib/env.ts';
import { OperatorError } from '#lib/errors.ts';
import { settleRequests } from '#lib/pipeline/index.ts';
import type { CommandContext } from '../cli/command.ts';

const PATIENCE_MS = 60_000;

/** Waits until what was asked for is done, by the pipeline that runs or by this process. @throws OperatorError */
export async function settle(
  {
    database: db,
    env,
    clock: wall,
    signal,
  }: Pick<CommandContext<unknown>, 'database' | 'env' | 'clock' | 'signal'>,
  isSettled: () => Promise<boolean>,
): Promise<void> {
  const say = (message: string) => void process.stderr.write(`${message}\n`);
  const clock = await readDatabaseClock(db.pool, wall);
  const patience = AbortSignal.timeout(PATIENCE_MS);
  await settleRequests({ db, volume: volumeDirectory(env), clock, signal, sleep, say }, isSettled, patience);
  signal.throwIfAborted();
  if (!(await isSettled()))
    throw new OperatorError(
      'The pipeline that runs has not come to it within a minute. The request stands: it is taken between two batches.',
    );
}
