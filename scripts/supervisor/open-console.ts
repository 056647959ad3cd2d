import { OperatorError } from '#lib/errors.ts';
import { runService } from './run-service.ts';
import { describeExit } from './run-step.ts';
import type { StartContext } from './start-context.ts';

/** Where the console answers. */
export type ConsolePlace = { url: string; port: number };

/** What scripts/console.ts tells its parent once it answers. */
export type ConsoleReady = { ready: ConsolePlace };

/**
 * Starts the console and waits until it answers. It is on PORT or, where that is unset, on `preferredPort` or the
 * next free one, and keeps that port when it is started again.
 * @throws OperatorError where it dies before it answers, such as for a port in use.
 */
export async function openConsole(
  context: StartContext,
  preferredPort: number | undefined,
): Promise<ConsolePlace> {
  const { options, stop } = context;
  const ready = Promise.withResolvers<ConsolePlace>();
  const fixed = ['--host', options.host, ...(options.dev ? ['--dev'] : [])];
  let port = context.env.PORT;
  let answered = false;
  const place = () => (port === undefined ? flag('--prefer-port', preferredPort) : flag('--port', port));
  runService(context, () => context.command('console.ts', [...fixed, ...place()]), {
    onMessage: (message) => {
      if (!isReady(message)) return;
      answered = true;
      port = message.ready.port;
      ready.resolve(message.ready);
    },
    onDeath: ({ exit, reason }) => {
      ready.reject(new OperatorError(`The console did not start. ${reason ?? describeExit(exit)}`));
      return !answered;
    },
  });
  const onStop = () => ready.reject(stop.signal.reason);
  stop.signal.addEventListener('abort', onStop);
  try {
    return await ready.promise;
  } finally {
    stop.signal.removeEventListener('abort', onStop);
  }
}

const flag = (name: string, value: number | undefined) => (value === undefined ? [] : [name, String(value)]);

function isReady(message: unknown): message is ConsoleReady {
  return typeof message === 'object' && message !== null && 'ready' in message;
}
