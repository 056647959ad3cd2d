import type { Connection } from '#db/client.ts';

/**
 * What happens to data that breaks an expectation: `warn` counts it and accepts it, `drop` puts it into quarantine
 * instead, `fail` rolls the batch back and stops the pipeline.
 */
export type Action = 'warn' | 'drop' | 'fail';

/**
 * One micro-batch: its number in the checkpoint and when it was begun. `actions` overrides the declared actions of
 * expectations, each named "table.expectation".
 */
export type BatchContext = {
  batchId: number;
  ingestedAt: Date;
  actions?: ReadonlyMap<string, Action> | undefined;
};

/**
 * A named rule: over the rows that a batch brought, where the SQL gives `passed` and `failed` after the refresh; or of
 * ingestion, which drops a record before bronze (docs/decisions/0012).
 */
export type Expectation =
  | { name: string; action: 'warn' | 'fail'; sql: string }
  | { name: string; action: 'drop'; description: string };

/** One table of the schema `lakeflow`. The batch, the rebuild, the lineage, docs/tables.md and the tests read this only. */
export type Dataset = {
  name: string;
  layer: 'bronze' | 'silver' | 'gold';
  /** What a row is. */
  grain: string;
  /** The columns that tell rows apart; a null is a value like any other. */
  key: readonly string[];
  /** The columns that are written, in the order of `storedBody`. */
  columns: readonly string[];
  /** What it is made from: tables of the flow, or sources outside it. */
  inputs: readonly string[];
  /** The column by whose UTC day the table is partitioned. */
  partitionedBy: string | null;
  /** The column of the window that the watermark closes; a late event does not change a closed window. */
  window: string | null;
  expectations: readonly Expectation[];
  /** The meaning of the table: one select over its whole inputs, by their bare names. Bronze is made from files. */
  body: string | null;
  /** `body` in the form that the table stores: distinct counts as sketches. */
  storedBody: string | null;
  /** The temporary table, of the same columns, with the rows that the current batch added. */
  added: string | null;
  /**
   * The temporary table, of the same columns, with the rows that the current batch removed, because an earlier creation
   * or delivery replaced the one that they were made from.
   */
  removed: string | null;
  /** Updates the table for the batch, within its transaction. @returns the rows inserted or changed. */
  refresh(connection: Connection, batch: BatchContext): Promise<number>;
};

/** A refresh by one statement that knows the batch from the temporary tables alone. */
export function refreshWith(statement: string): Dataset['refresh'] {
  return async (connection) => (await connection.query(statement)).rowCount ?? 0;
}
