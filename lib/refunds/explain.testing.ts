import { PgDialect } from 'drizzle-orm/pg-core';
import { type SQL, sql } from 'drizzle-orm/sql';
import type { Pool } from '#db/client.ts';

/** A node of a plan with what it really did. */
export type Plan = {
  'Relation Name'?: string;
  'Subplan Name'?: string;
  'Parent Relationship'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
};

/** Runs a query for the values that it is bound with. @returns its plan. */
export async function explain(pool: Pool, query: SQL): Promise<Plan | undefined> {
  const { sql: text, params } = new PgDialect().sqlToQuery(sql`explain (analyze, format json) ${query}`);
  const { rows } = await pool.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(text, params);
  return rows[0]?.['QUERY PLAN'][0].Plan;
}

/** The rows that the scans of a table have read, whether they passed their filter or not. */
export function countRead(nodes: Plan[], table: string): number {
  const scans = nodes.filter((node) => node['Relation Name'] === table);
  if (scans.length === 0) throw new Error(`nothing reads ${table}`);
  return scans.reduce(
    (sum, scan) => sum + (scan['Actual Rows'] + (scan['Rows Removed by Filter'] ?? 0)) * scan['Actual Loops'],
    0,
  );
}

/** A plan and all nodes below it, except those that `isLeftOut` names. */
export function listNodes(plan: Plan | undefined, isLeftOut: (node: Plan) => boolean = () => false): Plan[] {
  if (!plan || isLeftOut(plan)) return [];
  return [plan, ...(plan.Plans ?? []).flatMap((node) => listNodes(node, isLeftOut))];
}
