import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { openEmbedded } from '#db/embedded/open.ts';
import { silentLog } from '#lib/log.ts';
import { runScript, type ScriptEnvironment } from './run-script.ts';

export type EventComparison = { ingested: string[]; expected: string[] };

/**
 * The ids of the events in bronze after everything in the volume is ingested, and those of one uninterrupted
 * simulation with the same start, seed and end. `env.DATA_DIR` must not be in use.
 */
export async function compareEvents(env: ScriptEnvironment & { DATA_DIR: string }): Promise<EventComparison> {
  const server = await openEmbedded({
    directory: join(env.DATA_DIR, 'postgres'),
    durable: true,
    log: silentLog,
  });
  try {
    await runScript('pipeline.ts', ['--once'], { ...env, DATABASE_URL: server.url });
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    const { rows } = await client.query<{ event_id: string }>('select event_id from lakeflow.all_events');
    await client.end();
    return { ingested: rows.map((row) => row.event_id).sort(), expected: await simulateAgain(env) };
  } finally {
    await server.release();
  }
}

async function simulateAgain(env: ScriptEnvironment & { DATA_DIR: string }): Promise<string[]> {
  const volume = join(env.DATA_DIR, 'Volumes/caspers/simulator/events');
  const again = join(env.DATA_DIR, 'again');
  mkdirSync(again);
  cpSync(`${volume}-state`, `${again}-state`, { recursive: true });
  const args = ['--location', 'portland', '--volume', again, '--until', readPosition(volume)];
  await runScript('simulate.ts', args, env);
  const lines = readdirSync(again).flatMap((file) =>
    readFileSync(join(again, file), 'utf8').trim().split('\n'),
  );
  return lines.map((line) => (JSON.parse(line) as { event_id: string }).event_id).sort();
}

/** The instant up to which a volume is written: the name of its newest file, `YYYYMMDD-HHMMSS.ffffff-…`. */
function readPosition(volume: string): string {
  const newest = readdirSync(volume).sort().at(-1) ?? '';
  return newest.replace(/^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)\.(\d{3}).*$/, '$1-$2-$3T$4:$5:$6.$7Z');
}
