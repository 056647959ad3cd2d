import { readFileSync } from 'node:fs';
import { parsePolicy } from './rules.ts';

export function readRules(version: 'v1' | 'v2'): unknown {
  return JSON.parse(readFileSync(new URL(`../../../data/policies/${version}.json`, import.meta.url), 'utf8'));
}

export const policyV1 = parsePolicy(readRules('v1'), 'v1');
export const policyV2 = parsePolicy(readRules('v2'), 'v2');
