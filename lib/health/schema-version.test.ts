import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { schemaVersion } from './schema-version.ts';

test('the schema version is the `when` of the newest migration', () => {
  const file = new URL('../../drizzle/meta/_journal.json', import.meta.url);
  const journal: { entries: { when: number }[] } = JSON.parse(readFileSync(file, 'utf8'));
  expect(schemaVersion).toBe(Math.max(...journal.entries.map((entry) => entry.when)));
});
