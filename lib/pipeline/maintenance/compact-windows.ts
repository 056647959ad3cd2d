import type { Connection } from '#db/client.ts';
import { failpoint } from '#lib/failpoint.ts';
import { watermarkBehind } from '../parse/event-time.ts';
import type { Dataset } from '../tables/dataset/dataset.ts';
import { flow } from '../tables/flow.ts';

/** How long the windows are that a table may have, by their column. */
const lengths: Readonly<Record<string, string>> = { day: '1 day', hour_ts: '1 hour' };

/**
 * Makes the sketches of windows that the watermark has closed compact: the set of hashes gives way to its registers and
 * its number. It changes no figure, so it needs no batch, and what a kill leaves open the next time closes.
 * @returns the number of windows that were made compact.
 */
export async function compactWindows(connection: Pick<Connection, 'query'>): Promise<number> {
  failpoint('before-compact');
  let compacted = 0;
  for (const sql of statements) compacted += (await connection.query(sql)).rowCount ?? 0;
  return compacted;
}

/** The hour in which the watermark behind this event time stands: windows close with an hour. */
export function hourOfWatermark(newestTs: string | undefined): string {
  return newestTs === undefined ? '' : watermarkBehind(newestTs).slice(0, 13);
}

const statements = flow.flatMap(compactTable);

function compactTable({ name, window, columns }: Dataset): string[] {
  if (window === null) return [];
  const length = lengths[window];
  if (!length) throw new Error(`${name}: it is not said how long a window ${window} is.`);
  return columns.filter(isSketch).map(
    (sketch) => `
      update lakeflow.${name} set ${sketch} = lakeflow.hll_compact(${sketch})
      where (${sketch}).packed is null and ${window} <= (
        select watermark - interval '${length}' from lakeflow.checkpoints where name = 'pipeline'
      )`,
  );
}

/** Columns as they are compared: a sketch in its compact form, which is the same whatever form it has. */
export function comparable(columns: readonly string[]): string {
  return columns
    .map((column) => (isSketch(column) ? `lakeflow.hll_compact(${column}) as ${column}` : column))
    .join(', ');
}

function isSketch(column: string): boolean {
  return column.endsWith('_sketch');
}
