import { fileURLToPath } from 'node:url';
import { Option } from 'commander';
import { loadEnv } from '#lib/env.ts';
import { parsePort } from './cli/arguments.ts';
import { defineCommand, runProgram } from './cli/command.ts';
import { untilAborted } from './cli/stop-request.ts';
import { GRACE_MS } from './supervisor/process/child.ts';
import { type ConsoleReady, serveConsole } from './supervisor/server/serve-console.ts';

type Options = { dev: boolean; host: string; port?: number; preferPort?: number };

const program = defineCommand(
  'console',
  'Serves the console; npm start does this together with everything that it needs.',
  [],
)
  .option('--dev', 'compile on request and reload, instead of serving the build', false)
  .option('--host <address>', 'the address to listen on', '127.0.0.1')
  .addOption(new Option('--port <n>', 'only this port').argParser(parsePort))
  .addOption(new Option('--prefer-port <n>', 'this port or the next free one').argParser(parsePort));

await runProgram(program, async (signal) => {
  const { preferPort, ...options } = program.opts<Options>();
  const root = fileURLToPath(new URL('..', import.meta.url));
  const console = await serveConsole({
    ...options,
    root,
    preferredPort: preferPort,
    publicUrl: loadEnv().PUBLIC_URL,
  });
  const message: ConsoleReady = { ready: console.address };
  process.send?.(message);
  process.stderr.write(`The console is at ${console.address.url}\n`);
  await untilAborted(signal);
  await console.stop(GRACE_MS / 2);
});
