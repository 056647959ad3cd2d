import type { Connection } from '#db/client.ts';

/**
 * What becomes of what does not hold to an expectation: `warn` counts it and lets it pass, `drop` keeps it in quarantine
 * instead, `fail` rolls the batch back and stops the pipeline.
 */
export type Action = 'warn' | 'drop' | 'fail';

/**
 * What one micro-batch is: its number in the checkpoint and when it is taken; `actions` are expectations, as
 * "table.name", whose action is another one than is declared.
 */
export type BatchContext = { batchId: number; takenAt: Date; actions?: ReadonlyMap<string, Action> };

/**
 * A named rule: over what a batch brought, where the SQL answers `passed` and `failed` after the refresh; or one of
 * ingestion, by which a record is dropped at the door (docs/decisions/0012).
 */
export type Expectation =
  | { name: string; action: 'warn' | 'fail'; sql: string }
  | { name: string; action: 'drop'; says: string };

/**
 * One table of the schema `lakeflow`, declared. The runner, the rebuild, the lineage graph, docs/tables.md and the
 * tests all read this and nothing else.
 */
export type Dataset = {
  name: string;
  layer: 'bronze' | 'silver' | 'gold';
  /** What a row is. */
  grain: string;
  /** The columns that tell rows apart; a null is a value like any other. */
  key: readonly string[];
  /** The columns that are written, in the order of `rows`. */
  columns: readonly string[];
  /** What it is made from: tables of the flow, and what stands before it. */
  inputs: readonly string[];
  /** The column by whose UTC day the table is partitioned. */
  partitionedBy: string | null;
  /** The column of the window that the watermark closes; a late event leaves a closed window as it is. */
  window: string | null;
  expectations: readonly Expectation[];
  /** The meaning of the table: one select over its inputs, whole, by their bare names. Bronze is made from files. */
  body: string | null;
  /** `body` in the form in which the table keeps it: distinct counts as sketches. */
  rows: string | null;
  /** The temporary table, of the same columns, with the rows that the batch at hand added. */
  added: string | null;
  /** Brings the table up to date with the batch, within its transaction. @returns rows inserted or changed. */
  refresh(connection: Connection, batch: BatchContext): Promise<number>;
};

/** A refresh that is one statement, which knows the batch by what the tables before it added. */
export function refreshWith(sql: string): Dataset['refresh'] {
  return async (connection) => (await connection.query(sql)).rowCount ?? 0;
}
