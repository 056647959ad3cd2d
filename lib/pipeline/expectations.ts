import type { Connection } from '#db/client.ts';
import type { BatchContext, Dataset } from './dataset.ts';

/** How many records of a batch held to an expectation and how many did not. */
export type ExpectationResult = {
  dataset: string;
  expectation: string;
  action: 'warn' | 'drop';
  passed: number;
  failed: number;
};

/** Counts what a batch brought to `dataset` against its expectations, after its refresh. */
export async function checkExpectations(
  connection: Connection,
  dataset: Dataset,
): Promise<ExpectationResult[]> {
  const results: ExpectationResult[] = [];
  for (const { name, action, sql } of dataset.expectations) {
    const { rows } = await connection.query<{ passed: string; failed: string }>(sql);
    const passed = Number(rows[0]?.passed ?? 0);
    const failed = Number(rows[0]?.failed ?? 0);
    results.push({ dataset: dataset.name, expectation: name, action, passed, failed });
  }
  return results;
}

/** What the rules of ingestion let pass and dropped: one result for all of them, and one for each that was broken. */
export function countDrops(records: number, rulesBroken: readonly string[]): ExpectationResult[] {
  const failures = new Map<string, number>([['valid_record', rulesBroken.length]]);
  for (const rule of rulesBroken) failures.set(rule, (failures.get(rule) ?? 0) + 1);
  return [...failures].map(([expectation, failed]) => ({
    dataset: 'all_events',
    expectation,
    action: 'drop',
    passed: records - failed,
    failed,
  }));
}

const write = `
insert into lakeflow.expectation_results (batch_id, dataset, expectation, action, passed, failed)
select $1, result.*
from unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[]) as result`;

/** Writes the results of a batch, within its transaction. */
export async function recordExpectations(
  connection: Connection,
  { batchId }: BatchContext,
  results: readonly ExpectationResult[],
): Promise<void> {
  await connection.query(write, [
    batchId,
    results.map((result) => result.dataset),
    results.map((result) => result.expectation),
    results.map((result) => result.action),
    results.map((result) => result.passed),
    results.map((result) => result.failed),
  ]);
}
