import type { Connection } from '#db/client.ts';

/** What one micro-batch is: its number in the checkpoint and when it is taken. */
export type BatchContext = { batchId: number; takenAt: Date };

/** A named rule over what a batch brought; `warn` counts and lets pass. The SQL answers `passed` and `failed`. */
export type Expectation = { name: string; action: 'warn'; sql: string };

/** One table of the lakehouse: how it is called, what a row is, what it is made from, and how a batch moves it on. */
export type Dataset = {
  name: string;
  layer: 'bronze' | 'silver' | 'gold';
  grain: string;
  reads: readonly string[];
  expectations: readonly Expectation[];
  /** Brings the table up to date with the batch, within its transaction. @returns rows inserted or changed. */
  refresh(connection: Connection, batch: BatchContext): Promise<number>;
};

/** A refresh that is one statement, which knows the batch by what the tables before it added. */
export function refreshWith(sql: string): Dataset['refresh'] {
  return async (connection) => (await connection.query(sql)).rowCount ?? 0;
}
