import { readFileSync } from 'node:fs';
import type { Database } from '#db/client.ts';
import { draftPolicy, publishPolicy } from './publications.ts';
import { parsePolicy } from './rules.ts';

export function readRules(version: 'v1' | 'v2'): unknown {
  return JSON.parse(readFileSync(new URL(`../../../data/policies/${version}.json`, import.meta.url), 'utf8'));
}

export const policyV1 = parsePolicy(readRules('v1'), 'v1');
export const policyV2 = parsePolicy(readRules('v2'), 'v2');

/** Makes a stored version, or new rules, the active policy, in a database without accounts. */
export async function activatePolicy(database: Database, policy: string | object, now: Date): Promise<void> {
  const proposal = typeof policy === 'string' ? { version: policy } : { rules: policy, name: 'the test' };
  const { version } = await draftPolicy(database, proposal, { by: 'ana@example.com', note: 'a test' }, now);
  await publishPolicy(database, version, { by: 'lea@example.com', note: 'a test' }, now);
}
