import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { InvalidArgumentError, Option } from 'commander';
import { loadEnv } from '#lib/env.ts';
import { OperatorError } from '#lib/errors.ts';
import { createProgress } from '#lib/progress.ts';
import { parseCount, parsePort } from './cli/arguments.ts';
import { defineCommand, runProgram } from './cli/command.ts';
import { installServer } from './model/install-server.ts';
import { loadModel } from './model/load-model.ts';
import { readGguf } from './model/read-gguf.ts';
import { serveChat } from './model/serve-chat.ts';

type Options = { port: number; context: number; threads: number };

const examples = [
  'model.gguf',
  '~/models/qwen3-8b-q4_k_m.gguf --port 11500 --context 8192',
  'model.gguf --threads 2',
];
const program = defineCommand(
  'model',
  'Serves a GGUF file on this machine as an OpenAI-compatible endpoint, on the processor alone. The first time it installs node-llama-cpp into DATA_DIR/model-server.',
  examples,
)
  .argument('<file>', 'a model in GGUF form')
  .addOption(
    new Option('--port <n>', 'the port on 127.0.0.1; 0 is any free one')
      .argParser(parsePortOrAny)
      .default(11500),
  )
  .addOption(
    new Option('--context <tokens>', 'how long a conversation may be').argParser(parseContext).default(4096),
  )
  .addOption(
    new Option('--threads <n>', 'of the processor; one is left free by default')
      .argParser(parseCount)
      .default(Math.max(1, availableParallelism() - 1)),
  );

await runProgram(program, async (signal) => {
  const [path = ''] = program.args;
  const { port, context, threads } = program.opts<Options>();
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const { bytes } = await readGguf(path);
  const module = await installServer(`${loadEnv().DATA_DIR}/model-server`, say);
  signal.throwIfAborted();
  const progress = createProgress(`loading ${(bytes / 1e6).toFixed(0)} MB`, 100);
  const onProgress = (share: number) => progress.update(Math.floor(share * 100));
  const model = await loadModel({
    module,
    path,
    contextTokens: context,
    threads,
    signal,
    onProgress,
  }).finally(() => progress.stop());
  const server = serveChat(model, (line) => say(line));
  try {
    const url = `http://127.0.0.1:${await listen(server, port)}/v1`;
    process.stdout.write(`Serving ${model.name} at ${url} (context of ${model.contextTokens} tokens)\n`);
    say(`To use it: OPENAI_MODEL=${model.name} OPENAI_BASE_URL=${url} npm start`);
    process.send?.({ ready: server.address() });
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    server.close();
    server.closeAllConnections();
    await model.close();
  }
});

function listen(server: ReturnType<typeof serveChat>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new OperatorError(`Port ${port} is in use. Stop the other program, or choose a port with --port.`)
          : error,
      ),
    );
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function parsePortOrAny(text: string): number {
  return text === '0' ? 0 : parsePort(text);
}

function parseContext(text: string): number {
  const tokens = /^\d{3,6}$/.test(text) ? Number(text) : 0;
  if (tokens < 512) throw new InvalidArgumentError('It must be a number of tokens from 512 to 999999.');
  return tokens;
}
