import { connect } from '#db/client.ts';
import { isConnectionLost } from '#db/connection-error.ts';
import type { DatabaseServer } from '#db/embedded/open.ts';
import { sleep } from '#lib/clock.ts';
import { messageOf } from '#lib/errors.ts';
import type { StartContext } from './start-context.ts';

const PROBE_MS = 2000;

/** Looks every two seconds whether the embedded server still answers, until the start ends, and brings it up again. */
export async function watchDatabase(
  context: StartContext,
  open: () => Promise<DatabaseServer>,
): Promise<void> {
  const { signal } = context.stop;
  let told = '';
  while (!signal.aborted) {
    await sleep(PROBE_MS, signal);
    if (signal.aborted || !context.server || (await answers(context.server.url))) continue;
    const message = await replaceServer(context, context.server.url, open);
    if (message !== told) context.screen.warn(message);
    told = message;
  }
}

/** @returns what to tell people. */
async function replaceServer(
  context: StartContext,
  lostUrl: string,
  open: () => Promise<DatabaseServer>,
): Promise<string> {
  try {
    context.server = await open();
  } catch (error) {
    return `The embedded Postgres is gone and does not come back yet. ${messageOf(error)}`;
  }
  // On another port the running commands would look for it in vain.
  if (context.server.url !== lostUrl) for (const service of context.services) service.restart();
  return 'The embedded Postgres was gone and is up again; what was committed is kept.';
}

async function answers(url: string): Promise<boolean> {
  const probe = connect({ url, applicationName: 'caspers start', max: 1, statementTimeoutMs: 10_000 });
  try {
    await probe.pool.query('select');
    return true;
  } catch (error) {
    return !isConnectionLost(error);
  } finally {
    await probe.close();
  }
}
