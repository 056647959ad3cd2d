import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'vitest';

const root = join(import.meta.dirname, '../../shared/data');

/** The path of reference data, such as `real-orders`, which may lie in ../shared/data beside the project. */
export function referenceData(name: string): string {
  return join(root, name);
}

/** Skips a test, and says why, where the reference data that it needs is not there. */
export function skipWithout({ skip }: Pick<TestContext, 'skip'>, path: string): void {
  skip(!existsSync(path), `needs the reference data ${path}`);
}
