import { join } from 'node:path';
import { timeOracle } from '../oracle/compute.ts';
import type { Figure } from './figure.ts';

/** The same files to gold at once, in another engine, which keeps nothing; the baseline is the pipeline. */
export async function benchDuckdb(volume: string, pipeline: Figure): Promise<Figure> {
  const seconds = await timeOracle({ files: [join(volume, '*.json')] });
  return {
    what: 'DuckDB, the same files to gold in memory',
    count: pipeline.count,
    unit: 'events',
    seconds,
    baseline: pipeline.what,
    ratio: seconds / pipeline.seconds,
  };
}
