import { InvalidArgumentError, Option } from 'commander';
import { loadEnv, modelEndpoint } from '#lib/env.ts';
import { createLog } from '#lib/log.ts';
import { createProgress } from '#lib/progress.ts';
import { parseCount } from '#scripts/cli/arguments.ts';
import { defineCommand, runProgram } from '#scripts/cli/command.ts';
import { describeRun } from './describe-run.ts';
import { writeRun } from './eval-run.ts';
import { type EvalOptions, runEval } from './run-eval.ts';

type Options = Pick<EvalOptions, 'policy' | 'limit'> & {
  promptPrice?: number;
  completionPrice?: number;
  json: boolean;
};

const examples = [
  '',
  '--policy v2',
  '--limit 50 --prompt-price 0.15 --completion-price 0.6',
  'compare <before> <after>',
];
const program = defineCommand(
  'eval',
  'Evaluates the policy, and the model of OPENAI_MODEL if there is one, on labelled orders; stores each run as JSON lines.',
  examples,
)
  .option('--policy <version>', 'this policy instead of the active one')
  .addOption(new Option('--limit <n>', 'only this many of the labelled orders').argParser(parseCount))
  .addOption(new Option('--prompt-price <usd>', 'the price of a million prompt tokens').argParser(readPrice))
  .addOption(
    new Option('--completion-price <usd>', 'the price of a million completion tokens').argParser(readPrice),
  )
  .option('--json', 'print the measures as JSON lines', false);

await runProgram(program, async (signal) => {
  const { promptPrice, completionPrice, json, ...options } = program.opts<Options>();
  const env = loadEnv();
  const prices =
    promptPrice === undefined
      ? undefined
      : { prompt: promptPrice, completion: completionPrice ?? promptPrice };
  const endpoint = modelEndpoint(env);
  const showProgress = (total: number) => createProgress('eval', total);
  const tools = { env, log: createLog('eval', 'warn'), signal, showProgress };
  if (!endpoint) process.stderr.write('OPENAI_MODEL is not set: only the policy is evaluated.\n');
  await runEval({ ...options, endpoint, prices }, tools, (run) => {
    const { results: _, ...head } = run;
    process.stdout.write(`${json ? JSON.stringify(head) : describeRun(run)}\n`);
    const path = `${env.DATA_DIR}/eval/${run.scorer.replace(/[^\w.-]+/g, '-')}-${run.at.replace(/[:.-]/g, '')}.jsonl`;
    writeRun(path, run);
    process.stderr.write(`Stored in ${path}\n`);
  });
});

function readPrice(text: string): number {
  const price = Number(text);
  if (!(price >= 0) || text.trim() === '')
    throw new InvalidArgumentError('It must be dollars of at least 0.');
  return price;
}
