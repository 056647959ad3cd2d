import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '#db/client.ts';
import { listFiles } from '#lib/volume/index.ts';
import { benchPipeline } from './bench-pipeline.ts';
import type { Figure } from './figure.ts';

/** Every so many lines one is cut; every so many are sent again in the next file; every so many files are copied. */
const CUT = 10;
const AGAIN = 10;
const COPIED = 20;

/** The same files, with records that are broken, that come again in other files, and files that come twice. */
export async function benchHostile(db: Database, volume: string, signal: AbortSignal): Promise<Figure> {
  const hostile = `${volume}-hostile`;
  await mkdir(hostile);
  await spoil(volume, hostile);
  return { ...(await benchPipeline(db, hostile, signal)), what: 'pipeline, hostile files to gold' };
}

async function spoil(from: string, to: string): Promise<void> {
  let again: string[] = [];
  for (const [index, name] of (await listFiles(from)).files.entries()) {
    const lines = (await readFile(join(from, name), 'utf8')).trimEnd().split('\n');
    const spoiled = lines.flatMap((line, n) => (n % CUT === 0 ? [line, line.slice(0, -20)] : [line]));
    await writeFile(join(to, name), [...spoiled, ...again, ''].join('\n'));
    if (index % COPIED === 0) await copyFile(join(to, name), join(to, `${name}-copy.json`));
    again = lines.filter((_line, n) => n % AGAIN === 0);
  }
}
