import { fileURLToPath } from 'node:url';
import { Option } from 'commander';
import { loadEnv } from '#lib/env.ts';
import { defineCommand, runProgram } from './cli/command.ts';
import { untilAborted } from './cli/stop-request.ts';
import { parsePort } from './supervisor/choose-port.ts';
import { GRACE_MS } from './supervisor/grace.ts';
import type { ConsoleReady } from './supervisor/open-console.ts';
import { serveConsole } from './supervisor/serve-console.ts';

type Options = { dev: boolean; host: string; port?: number; preferPort?: number };

const program = defineCommand('console', 'Serves the console; npm start does this and what it needs.', [])
  .option('--dev', 'compile on request and reload, instead of serving the build', false)
  .option('--host <address>', 'the address to listen on', '127.0.0.1')
  .addOption(new Option('--port <n>', 'this port or none').argParser(parsePort))
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
  const message: ConsoleReady = { ready: console.place };
  process.send?.(message);
  process.stderr.write(`The console is at ${console.place.url}\n`);
  await untilAborted(signal);
  await console.stop(GRACE_MS / 2);
});
