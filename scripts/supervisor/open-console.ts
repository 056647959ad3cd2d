import { OperatorError } from '#lib/errors.ts';
import { runService } from './run-command.ts';
import { describeExit } from './screen/describe-failure.ts';
import type { ConsoleAddress, ConsoleReady } from './server/serve-console.ts';
import type { StartContext } from './start-context.ts';

/**
 * Starts the console and waits until it answers: on PORT or, where that is unset, on `preferredPort` or the next
 * free one. It keeps that port when it is restarted.
 * @throws OperatorError where it ends before it answers, for example because the port is in use.
 */
export async function openConsole(
  context: StartContext,
  preferredPort: number | undefined,
): Promise<ConsoleAddress> {
  const { options, stop } = context;
  const ready = Promise.withResolvers<ConsoleAddress>();
  const baseArgs = ['--host', options.host, ...(options.dev ? ['--dev'] : [])];
  let port = context.env.PORT;
  let isReady = false;
  const portArgs = () => (port === undefined ? flag('--prefer-port', preferredPort) : flag('--port', port));
  runService(context, () => context.command('console.ts', [...baseArgs, ...portArgs()]), {
    onMessage: (message) => {
      if (!isConsoleReady(message)) return;
      isReady = true;
      port = message.ready.port;
      ready.resolve(message.ready);
    },
    onExit: ({ exit, reason }) => {
      ready.reject(new OperatorError(`The console did not start. ${reason ?? describeExit(exit)}`));
      return !isReady;
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

function isConsoleReady(message: unknown): message is ConsoleReady {
  return typeof message === 'object' && message !== null && 'ready' in message;
}
