import { InvalidArgumentError, Option } from 'commander';
import { connect } from '#db/client.ts';
import { openDatabaseServer } from '#db/embedded/open.ts';
import { type Env, loadEnv, modelEndpoint } from '#lib/env.ts';
import { createLog, type Log } from '#lib/log.ts';
import { createProgress } from '#lib/progress.ts';
import { parseCount } from '#scripts/cli/arguments.ts';
import { defineCommand, runProgram } from '#scripts/cli/command.ts';
import { describeAgreement, describeReport, describeService } from './describe-run.ts';
import { parts } from './labels.ts';
import { measureFairness } from './measure.ts';
import { type Agreement, measureAgreement } from './people.ts';
import { type EvalOptions, type EvalReport, runEval } from './run-eval.ts';

type Options = Pick<EvalOptions, 'policy' | 'part' | 'limit' | 'seed' | 'asksAll'> & {
  promptPrice?: number;
  completionPrice?: number;
  json: boolean;
};

const examples = [
  '',
  '--policy v2',
  '--part judged --limit 50',
  '--prompt-price 0.15 --completion-price 0.6',
  'compare <before> <after>',
];
const program = defineCommand(
  'eval',
  'Evaluates the policy, two baselines, and the model of OPENAI_MODEL if there is one, on labelled orders. Each answer is stored at once; a run that was stopped continues when the same command is given again.',
  examples,
)
  .option('--policy <version>', 'this policy instead of the active one')
  .addOption(new Option('--part <name>', 'only the orders of one part').choices(parts))
  .addOption(new Option('--limit <n>', 'only this many of the labelled orders').argParser(parseCount))
  .addOption(new Option('--seed <n>', 'of the random baseline').argParser(parseCount).default(1))
  .addOption(new Option('--prompt-price <usd>', 'the price of a million prompt tokens').argParser(readPrice))
  .addOption(
    new Option('--completion-price <usd>', 'the price of a million completion tokens').argParser(readPrice),
  )
  .option('--asks-all', 'ask the model also where the policy leaves nothing to choose', false)
  .option('--json', 'print the measures as JSON lines', false);

await runProgram(program, async (signal) => {
  const { promptPrice, completionPrice, json, ...options } = program.opts<Options>();
  const env = loadEnv();
  const log = createLog('eval', 'warn');
  const prices =
    promptPrice === undefined
      ? undefined
      : { prompt: promptPrice, completion: completionPrice ?? promptPrice };
  const endpoint = modelEndpoint(env);
  if (!endpoint) process.stderr.write('OPENAI_MODEL is not set: no model is evaluated.\n');
  const showProgress = (total: number) => createProgress('eval', total);
  const directory = `${env.DATA_DIR}/eval`;
  const report = await runEval(
    { ...options, endpoint, prices },
    { env, log, signal, directory, showProgress },
  );
  const agreements = await readAgreement(env, log);
  process.stdout.write(`${json ? toJsonLines(report, agreements) : toText(report, agreements)}\n`);
  for (const path of report.paths) process.stderr.write(`Stored in ${path}\n`);
});

/** The decisions of people are in the configured database, which is only read. */
async function readAgreement(env: Env, log: Log): Promise<Agreement[]> {
  const server = await openDatabaseServer(env, log);
  const db = connect({ url: server.url, applicationName: 'caspers eval', max: 1 });
  try {
    return await measureAgreement(db);
  } finally {
    await db.close();
    await server.release();
  }
}

function toText({ scorers, model }: EvalReport, agreements: Agreement[]): string {
  const service = model ? [describeService(model.name, model.service), ''] : [];
  return [describeReport(scorers), ...service, describeAgreement(agreements)].join('\n');
}

function toJsonLines({ scorers, model }: EvalReport, agreements: Agreement[]): string {
  const lines = scorers.flatMap(({ name, results, view }) =>
    parts.flatMap((part) => {
      const ofPart = results.filter((one) => one.part === part);
      const kinds = Map.groupBy(ofPart, ({ kind }) => kind);
      const byKind = Object.fromEntries(
        [...kinds].map(([kind, some]) => [kind, measureFairness(some, view)]),
      );
      return ofPart.length === 0
        ? []
        : [{ scorer: name, part, ...measureFairness(ofPart, view), by_kind: byKind }];
    }),
  );
  return [...lines, ...(model ? [model] : []), { people: agreements }]
    .map((line) => JSON.stringify(line))
    .join('\n');
}

function readPrice(text: string): number {
  const price = Number(text);
  if (!(price >= 0) || text.trim() === '')
    throw new InvalidArgumentError('It must be dollars of at least 0.');
  return price;
}
