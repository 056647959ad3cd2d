import { connect } from '#db/client.ts';
import { isConnectionLost } from '#db/connection-error.ts';
import type { DatabaseServer } from '#db/embedded/open.ts';
import { sleep } from '#lib/clock.ts';
import { messageOf } from '#lib/errors.ts';
import type { StartContext } from './start-context.ts';

const PROBE_MS = 2000;

/** Probes the embedded server every two seconds until the start ends, and starts it again when it is lost. */
export async function watchDatabase(
  context: StartContext,
  open: () => Promise<DatabaseServer>,
): Promise<void> {
  const { signal } = context.stop;
  let lastMessage = '';
  while (!signal.aborted) {
    await sleep(PROBE_MS, signal);
    if (signal.aborted || !context.server || (await isAnswering(context.server.url))) continue;
    const message = await replaceServer(context, context.server.url, open);
    if (message !== lastMessage) context.screen.warn(message);
    lastMessage = message;
  }
}

/** @returns what to show to people. */
async function replaceServer(
  context: StartContext,
  lostUrl: string,
  open: () => Promise<DatabaseServer>,
): Promise<string> {
  try {
    context.server = await open();
  } catch (error) {
    return `The embedded Postgres has stopped and cannot be started yet. ${messageOf(error)}`;
  }
  // On another port the running commands would not find it.
  if (context.server.url !== lostUrl) for (const service of context.services) service.restart();
  return 'The embedded Postgres had stopped and is running again; what was committed is kept.';
}

async function isAnswering(url: string): Promise<boolean> {
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
