import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AuditAnchor, verifyAudit } from '#lib/auth/audit/verify-audit.ts';
import { OperatorError } from '#lib/errors.ts';
import { defineCommand, runCommand } from './cli/command.ts';

const program = defineCommand('audit', 'Checks that no row of the audit log was altered.', ['verify'])
  .argument('<action>', 'verify: reports every row that was altered, moved or removed')
  .option('--anchor <file>', 'keeps the end of the chain between runs; default: DATA_DIR/audit-anchor.json');

await runCommand<{ anchor?: string }>(program, async ({ args, options, database, env }) => {
  if (args[0] !== 'verify') program.error(`error: unknown action ${args[0]}`, { exitCode: 2 });
  const path = options.anchor ?? join(env.DATA_DIR, 'audit-anchor.json');
  const anchor = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as AuditAnchor) : undefined;
  const report = await verifyAudit(database, { anchor });
  process.stdout.write(`${JSON.stringify(report)}\n`);
  if (report.broken > 0) {
    const [first] = report.findings;
    throw new OperatorError(
      `Row ${first?.seq} of the audit log is not as it was written: ${first?.problem}. ${report.broken} of ${report.rows} rows are broken.`,
    );
  }
  if (report.head) writeAnchor(path, report.head);
  process.stderr.write(`All ${report.rows} rows of the audit log are as they were written.\n`);
});

function writeAnchor(path: string, head: AuditAnchor): void {
  writeFileSync(`${path}.tmp`, `${JSON.stringify(head)}\n`, { mode: 0o600 });
  renameSync(`${path}.tmp`, path);
}
