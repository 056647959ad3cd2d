import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { connect, type Database } from '#db/client.ts';
import { isAlive } from '#db/embedded/server-process.ts';
import { onServer, withDatabase } from '#db/maintenance.ts';
import { createTemplate, templateName } from '#db/test-server/template.ts';

/** A migrated database and a volume of its own, both gone after `close`. */
export type Bench = { db: Database; url: string; volume: string; close(): Promise<void> };

/** A server on which benches are set up. */
export type Lab = { url: string; open(): Promise<Bench> };

const PREFIX = 'caspers_chaos_';

/** Prepares a server: a template is migrated once, every bench clones it, and what killed labs left is dropped. */
export async function openLab(url: string): Promise<Lab> {
  const template = templateName();
  await createTemplate(url, template);
  await onServer(url, dropLeftovers);
  return { url, open: () => openBench(url, template) };
}

/** A bench whose lab is gone and that nobody works with; one that another host works with refuses to go. */
async function dropLeftovers(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string; pid: number }>(
    `select datname as name, split_part(datname, '_', 3)::integer as pid
     from pg_database where datname ~ '^${PREFIX}\\d+_'`,
  );
  for (const { name } of rows.filter(({ pid }) => !isAlive(pid)))
    await client.query(`drop database ${name}`).catch((error: unknown) => {
      if (!isInUseOrGone(error)) throw error;
    });
}

function isInUseOrGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['55006', '3D000'].includes(String(error.code));
}

async function openBench(server: string, template: string): Promise<Bench> {
  const name = `${PREFIX}${process.pid}_${randomUUID().slice(0, 8)}`;
  // Tests that begin meanwhile drop templates that no test uses.
  await createTemplate(server, template);
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
