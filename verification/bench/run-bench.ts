import { join } from 'node:path';
import type { Env } from '#lib/env.ts';
import type { Log } from '#lib/log.ts';
import { listFiles } from '#lib/volume/index.ts';
import { withScratch } from '../setup/scratch.ts';
import { benchAgent } from './bench-agent.ts';
import { benchLatency } from './bench-latency.ts';
import { benchMemory } from './bench-memory.ts';
import { benchDuckdb, benchHostile, benchNextDay, benchPipeline } from './bench-pipeline.ts';
import { benchRecommend } from './bench-recommend.ts';
import { benchSimulate, fillVolume } from './bench-simulate.ts';
import { benchSync } from './bench-sync.ts';
import type { Figure } from './figure.ts';

/** The end of the simulated days is fixed, so that every run measures the same events. */
const UNTIL = Date.parse('2026-06-01T00:00:00Z');
const DAY = 86_400_000;

/** Measures every stage over `days` of orders of all locations, in scratch databases; `report` gets each figure. */
export async function runBench(
  { env, log, days, signal }: { env: Env; log: Log; days: number; signal: AbortSignal },
  report: (figure: Figure) => void,
): Promise<void> {
  await withScratch(env, log, ({ db: full, directory }) =>
    withScratch(env, log, async ({ db: empty }) => {
      const volume = join(directory, 'events');
      report(await benchSimulate(volume, days, new Date(UNTIL), signal));
      const pipeline = await benchPipeline(full, volume, signal);
      report(pipeline);
      report(await benchDuckdb(volume, pipeline));
      for (const figure of await benchRecommend(full, signal)) report(figure);
      report(await benchSync(full, signal));
      const before = new Set((await listFiles(volume)).files);
      await fillVolume(volume, days, new Date(UNTIL + DAY), signal);
      report(await benchNextDay({ full, empty }, volume, before, signal));
    }),
  );
  await withScratch(env, log, async ({ db, directory }) => {
    const volume = join(directory, 'events');
    const events = await fillVolume(volume, days, new Date(UNTIL), signal);
    report(await benchHostile(db, volume, signal));
    report(await benchLatency(db, directory, signal));
    return withScratch(env, log, async ({ url }) => report(await benchMemory(url, volume, events)));
  });
  await withScratch(env, log, async ({ db }) => report(await benchAgent(db, env, signal)));
}
