import { defineCommand, runProgram } from '#scripts/cli/command.ts';
import { compareRuns } from './compare-runs.ts';
import { describeComparison } from './describe-run.ts';
import { readRun } from './eval-run.ts';

const examples = ['.data/eval/policy-v1-20261120T120000Z.jsonl .data/eval/policy-v2-20261120T120003Z.jsonl'];
const program = defineCommand('eval compare', 'Compares two runs of the evaluation.', examples)
  .argument('<before>', 'the file of a run')
  .argument('<after>', 'the file of another')
  .option('--json', 'print the comparison as JSON', false);

await runProgram(program, async () => {
  const [before = '', after = ''] = program.args;
  const comparison = compareRuns(readRun(before), readRun(after));
  const { json } = program.opts<{ json: boolean }>();
  process.stdout.write(`${json ? JSON.stringify(comparison) : describeComparison(comparison)}\n`);
});
