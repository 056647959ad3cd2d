import type { Connection } from '#db/client.ts';
import { failpoint } from '#lib/failpoint.ts';
import { watermarkBehind } from '../parse/event-time.ts';
import type { Dataset } from '../tables/dataset/dataset.ts';
import { isSketch } from '../tables/dataset/whole-table.ts';
import { flow } from '../tables/flow.ts';

/** The length of the windows that a table may have, by their column. */
const lengths: Readonly<Record<string, string>> = { day: '1 day', hour_ts: '1 hour' };

/**
 * Compacts the sketches of windows that the watermark has closed: their sets of hashes are replaced by registers and a
 * number. No figure changes, so it needs no batch, and what a kill leaves open is compacted the next time.
 * @returns the number of windows that were compacted.
 */
export async function compactWindows(connection: Pick<Connection, 'query'>): Promise<number> {
  failpoint('before-compact');
  let compacted = 0;
  for (const statement of statements) compacted += (await connection.query(statement)).rowCount ?? 0;
  return compacted;
}

/** The hour that the watermark has reached behind this event time: windows close at full hours. */
export function hourOfWatermark(maxEventTs: string | undefined): string {
  return maxEventTs === undefined ? '' : watermarkBehind(maxEventTs).slice(0, 13);
}

const statements = flow.flatMap(compactTable);

function compactTable({ name, window, columns }: Dataset): string[] {
  if (window === null) return [];
  const length = lengths[window];
  if (!length) throw new Error(`${name}: the length of a window ${window} is not known.`);
  return columns.filter(isSketch).map(
    (sketch) => `
      update lakeflow.${name} set ${sketch} = lakeflow.hll_compact(${sketch})
      where (${sketch}).packed is null and ${window} <= (
        select watermark - interval '${length}' from lakeflow.checkpoints where name = 'pipeline'
      )`,
  );
}
