import { requestRerun } from '#lib/recommender/index.ts';
import { defineCommand, runCommand } from '../cli/command.ts';

type Options = { note: string; by: string };

const program = defineCommand(
  'recommend rerun',
  'Asks for another recommendation for an order; the earlier ones stay. recommend --once or --continuous makes it.',
  ['R3MF08 --note "The customer says that it came cold."'],
)
  .argument('<order>', 'the id of the order')
  .requiredOption('--note <text>', 'what you know about the order; an agent reads it')
  .option('--by <name>', 'who asks', 'the command line');

await runCommand<Options>(program, async ({ args: [orderId = ''], options, database }) => {
  const rerun = await requestRerun(database, { orderId, note: options.note, requestedBy: options.by });
  process.stdout.write(`${JSON.stringify({ orderId, rerun })}\n`);
});
