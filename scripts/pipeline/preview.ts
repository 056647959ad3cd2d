import { resolve } from 'node:path';
import { type PreviewOptions, previewDrain } from '#lib/pipeline/index.ts';
import { createProgress, type Progress } from '#lib/progress.ts';

/** Prints what a drain would take, as JSON. */
export async function preview(options: Omit<PreviewOptions, 'say' | 'onProgress'>): Promise<void> {
  let progress: Progress | undefined;
  const found = await previewDrain({
    ...options,
    volume: resolve(options.volume),
    say: (message) => void process.stderr.write(`${message}\n`),
    onProgress: (seen, total) => {
      progress ??= createProgress('dry run', total, process.stderr);
      progress.update(seen, '');
    },
  });
  progress?.stop();
  process.stderr.write('Nothing was written.\n');
  process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
}
