import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type Database } from '#db/client.ts';
import { createTemplate, onServer, templateName } from '#db/template.ts';
import { withDatabase } from '#db/url.ts';

/** A migrated database and a volume of its own, both gone after `close`. */
export type Bench = { db: Database; url: string; volume: string; close(): Promise<void> };

/** A server on which benches are set up. */
export type Lab = { url: string; open(): Promise<Bench> };

/** Prepares a server: a template is migrated once, and every bench clones it. */
export async function openLab(url: string): Promise<Lab> {
  const template = templateName();
  await createTemplate(url, template);
  return { url, open: () => openBench(url, template) };
}

async function openBench(server: string, template: string): Promise<Bench> {
  const name = `caspers_chaos_${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  await onServer(server, (client) => client.query(`create database ${name} template ${template}`));
  const url = withDatabase(server, name);
  const db = connect({ url, applicationName: 'caspers chaos', max: 3, statementTimeoutMs: 0 });
  const volume = await mkdtemp(join(tmpdir(), 'caspers-chaos-'));
  const close = async () => {
    await db.close();
    await onServer(server, (client) => client.query(`drop database ${name} with (force)`));
    await rm(volume, { recursive: true, force: true });
  };
  return { db, url, volume, close };
}

/** Runs `work` on a bench of its own. */
export async function withBench<Result>(lab: Lab, work: (bench: Bench) => Promise<Result>): Promise<Result> {
  const bench = await lab.open();
  try {
    return await work(bench);
  } finally {
    await bench.close();
  }
}
