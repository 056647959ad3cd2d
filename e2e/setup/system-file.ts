import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NewAccount } from '#lib/auth/types.ts';

/** The running system as the specs need to know it. */
export type System = { url: string; databaseUrl: string; accounts: NewAccount[] };

const path = fileURLToPath(new URL('../../.data/test/e2e-system.json', import.meta.url));

/** Leaves word of the system for the specs, which run in other processes. */
export function writeSystem(system: System): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(system), { mode: 0o600 });
}

export function readSystem(): System {
  return JSON.parse(readFileSync(path, 'utf8')) as System;
}
