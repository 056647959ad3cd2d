import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NewAccount } from '#lib/auth/people/index.ts';

/** What the specs need of the running system. */
export type System = { url: string; databaseUrl: string; accounts: NewAccount[] };

/** One file per run, so that concurrent runs do not mix: the specs are children of the process of the set-up. */
const pathOf = (runner: number) =>
  fileURLToPath(new URL(`../../.data/test/e2e-system-${runner}.json`, import.meta.url));

/** Writes a file about the system for the specs, which run in other processes. @returns a function that removes it. */
export function writeSystem(system: System): () => void {
  const path = pathOf(process.pid);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(system), { mode: 0o600 });
  return () => rmSync(path);
}

export function readSystem(): System {
  return JSON.parse(readFileSync(pathOf(process.ppid), 'utf8')) as System;
}
