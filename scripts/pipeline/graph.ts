import { Option } from 'commander';
import { drawLineage, type LineageFormat, lineageFormats } from '#lib/pipeline/index.ts';
import { defineCommand, runProgram } from '../cli/command.ts';

const examples = ['', '--format mermaid > lineage.mmd', '--format markdown > docs/tables.md'];
const formats = new Option('--format <format>', 'the format').choices(lineageFormats).default('mermaid');
const program = defineCommand(
  'pipeline graph',
  'Draws the lineage of the lakehouse as its tables declare it.',
  examples,
).addOption(formats);

await runProgram(program, async () => {
  const { format } = program.opts<{ format: LineageFormat }>();
  process.stdout.write(drawLineage(format));
});
