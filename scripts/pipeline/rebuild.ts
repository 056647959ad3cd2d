import { OperatorError } from '#lib/errors.ts';
import { rebuild, selectTables } from '#lib/pipeline/index.ts';
import { createProgress } from '#lib/progress.ts';
import { defineCommand, runCommand } from '../cli/command.ts';

type Options = { select: string[]; verify?: true };

const examples = ['--verify', '--select silver_deliveries+ --verify', '--select gold_brand_sales_day'];
const program = defineCommand(
  'pipeline rebuild',
  'Recomputes silver and gold from bronze and corrects the differences.',
  examples,
)
  .option(
    '--select <table...>',
    'only these tables; TABLE+ is a table and everything that is made from it',
    [],
  )
  .option('--verify', 'change nothing: list the rows that differ, and fail if there are any');

await runCommand<Options>(
  program,
  async ({ options: { select, verify = false }, database: db, clock }) => {
    const progress = createProgress(verify ? 'verify' : 'rebuild', selectTables(select).length);
    const onTable = (done: number, _total: number, table: string) => progress.update(done, table);
    const report = await rebuild({ db, clock, select, verify, onTable }).finally(() => progress.stop());
    process.stdout.write(`${JSON.stringify(report)}\n`);
    const wrong = report.tables.filter(({ differences }) => differences.length > 0);
    if (verify && wrong.length > 0)
      throw new OperatorError(
        `These tables differ from bronze: ${wrong.map(({ table }) => table).join(', ')}. The rows are listed above; pipeline rebuild corrects them.`,
      );
  },
  { max: 2, statementTimeoutMs: 0 },
);
