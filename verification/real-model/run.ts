import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import type { Database } from '#db/client.ts';
import { loadEnv, type ModelEndpoint } from '#lib/env.ts';
import { OperatorError } from '#lib/errors.ts';
import { createLog } from '#lib/log.ts';
import { createProgress } from '#lib/progress.ts';
import { stream } from '#lib/random.ts';
import { leavesNoChoice } from '#lib/recommender/index.ts';
import { getPolicy } from '#lib/recommender/policy/index.ts';
import { parseCount } from '#scripts/cli/arguments.ts';
import { defineCommand, runProgram } from '#scripts/cli/command.ts';
import { describeReport, describeService } from '../eval/describe-run.ts';
import { type LabelledOrder, scoreLabelled } from '../eval/evaluate.ts';
import { evaluateCases, loadLabelled, readLabelled, spread } from '../eval/run-eval.ts';
import { withScratch } from '../setup/scratch.ts';
import { startProcess } from '../setup/start-process.ts';
import { describeTrial } from './describe-trial.ts';
import { getModel } from './get-model.ts';

type Options = { orders: number; minutes?: number; file?: string; threads: number; record?: string };

const examples = ['real-model', 'real-model --orders 60', 'real-model --file model.gguf'];
const program = defineCommand(
  'eval real-model',
  'Asks a small real model about labelled orders that leave it a choice, over a server of its own, and prints the table of docs/models.md. A stopped run continues.',
  examples.map((example) => example.replace('real-model', '').trim()),
)
  .addOption(new Option('--orders <n>', 'how many orders').argParser(parseCount).default(20))
  .addOption(
    new Option(
      '--minutes <n>',
      'stop asking after so long, and report on the orders until then; 0 asks nothing more',
    ).argParser(parseMinutes),
  )
  .option('--file <gguf>', 'this model instead of SmolLM2 from PyPI')
  .addOption(new Option('--threads <n>', 'of the processor').argParser(parseCount).default(1))
  .option('--record <file>', 'write the replies, with the facts that they answer, as fixtures of the tests');

await runProgram(program, async (signal) => {
  const { orders: limit, minutes, file, threads, record } = program.opts<Options>();
  const env = loadEnv();
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const path = file ?? (await getModel(`${env.DATA_DIR}/models`, say));
  const tools = {
    signal,
    ...(minutes !== undefined && { until: AbortSignal.timeout(minutes * 60_000) }),
    directory: `${env.DATA_DIR}/eval`,
    showProgress: (total: number) => createProgress('real model', total),
  };
  await withScratch(env, createLog('real-model', 'warn'), async ({ db, directory }) => {
    const chosen = await chooseOrders(db, `${directory}/events`, limit, signal);
    const model = await startModel(path, threads, env.DATA_DIR);
    const endpoint = { ...model.endpoint, model: basename(path, '.gguf') };
    const started = performance.now();
    const cases = chosen.map(({ labelled }) => labelled);
    const options = { policy: 'v1', seed: 1, asksAll: false, endpoint, prices: undefined };
    const report = await evaluateCases(db, cases, options, tools).finally(() => model.stop());
    if (!report.model) throw new Error('no model was asked');
    const seconds = (performance.now() - started) / 1000;
    const results = report.scorers.at(-1)?.results ?? [];
    const seen = new Set(results.map(({ orderId }) => orderId));
    const scorers = report.scorers.map((scorer) => ({
      ...scorer,
      results: scorer.results.filter(({ orderId }) => seen.has(orderId)),
    }));
    say(`${describeReport(scorers)}\n${describeService(report.model.name, report.model.service)}\n`);
    process.stdout.write(`${describeTrial(results, report.model.service)}\n`);
    say(`${seconds.toFixed(0)} s in all; ${report.model.continued} orders were answered before.`);
    if (record) writeFileSync(record, toFixtures(chosen, new Map(results.map((one) => [one.orderId, one]))));
  });
});

function parseMinutes(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of minutes.');
  return Number(text);
}

/** Orders of every kind that leave a model a choice, evenly from all that are labelled. */
async function chooseOrders(
  db: Database,
  volume: string,
  limit: number,
  signal: AbortSignal,
): Promise<LabelledOrder[]> {
  const cases = readLabelled();
  await loadLabelled(db, volume, cases, signal);
  const orders = await scoreLabelled(db.pool, await getPolicy(db.pool, 'v1'), cases);
  const chosen = spread(
    orders.filter(({ policyAnswer }) => !leavesNoChoice(policyAnswer.bounds)),
    limit,
  );
  // In no order of kinds, so that a run that ends early has orders of all of them.
  return chosen.toSorted((a, b) => rankOf(a) - rankOf(b));
}

function rankOf({ labelled }: LabelledOrder): number {
  return stream(1, 'real model', labelled.orderId)();
}

type StartedModel = { endpoint: Omit<ModelEndpoint, 'model'>; stop(): Promise<void> };

/** Starts `npm run model` on a free port, and waits until the model is loaded. */
async function startModel(path: string, threads: number, dataDirectory: string): Promise<StartedModel> {
  const args = [path, '--port', '0', '--threads', String(threads)];
  const started = startProcess('scripts/model.ts', args, { DATA_DIR: dataDirectory });
  const ready = once(started.child, 'message') as Promise<[{ ready: { port: number } }]>;
  const ended = once(started.child, 'exit').then(() => {
    throw new OperatorError('The model server ended; the reason is above.');
  });
  const [message] = await Promise.race([ready, ended]);
  ended.catch(() => undefined);
  const endpoint = {
    baseUrl: `http://127.0.0.1:${message.ready.port}/v1`,
    apiKey: undefined,
    timeoutMs: 180_000,
    concurrency: 1,
    mode: 'facts' as const,
  };
  return { endpoint, stop: started.stop };
}

/** What the model said last about each order, with what the parser needs to know of the order. */
function toFixtures(
  orders: readonly LabelledOrder[],
  results: ReadonlyMap<string, { text: string | null; code: string | null }>,
): string {
  const lines = orders.flatMap(({ labelled, policyAnswer }) => {
    const result = results.get(labelled.orderId);
    if (!result || result.text === null) return [];
    const { evidence, order } = policyAnswer;
    const subject = { orderId: order.orderId, totalCents: order.totalCents, note: labelled.note, evidence };
    return [JSON.stringify({ text: result.text, ends: result.code ?? 'answered', subject })];
  });
  return lines.map((line) => `${line}\n`).join('');
}
