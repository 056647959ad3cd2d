import { writeFile } from 'node:fs/promises';
import { loadEnv } from '#lib/env.ts';
import { createLog } from '#lib/log.ts';
import { chooseGolden } from '#verification/eval/choose-golden.ts';
import { simulateDeliveries } from '#verification/eval/simulate-deliveries.ts';
import { withScratch } from '#verification/setup/scratch.ts';

// Run it after a change of what the golden set contains: node scripts/build-golden.ts
const folder = 'verification/eval/golden';
const signal = new AbortController().signal;

await withScratch(loadEnv(), createLog('build-golden', 'warn'), async ({ db, directory }) => {
  const deliveries = await simulateDeliveries(db, `${directory}/events`, signal);
  await write('deliveries.jsonl', deliveries);
  await write('labels.jsonl', chooseGolden(deliveries));
});

async function write(file: string, lines: object[]): Promise<void> {
  await writeFile(`${folder}/${file}`, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  process.stdout.write(`${file}: ${lines.length} lines\n`);
}
