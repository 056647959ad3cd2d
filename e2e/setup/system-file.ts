import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NewAccount } from '#lib/auth/people/index.ts';
/** The running system as the specs need to know it. */
export type System = { url: string; databaseUrl: string; accounts: NewAccount[] };

/** One file per run, so that runs at the same time stay apart: the specs are children of the process that sets up. */
const pathOf = (runner: number) =>
  fileURLToPath(new URL(`../../.data/test/e2e-system-${runner}.json`, import.meta.url));

/** Leaves word of the system for the specs, which run in other processes. @returns what takes it back. */
export function writeSystem(system: System): () => void {
  const path = pathOf(process.pid);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(system), { mode: 0o600 });
  return () => rmSync(path);
}

export function readSystem(): System {
  return JSON.parse(readFileSync(pathOf(process.ppid), 'utf8')) as System;
}
