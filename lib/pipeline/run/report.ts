import { createProgress, type Progress } from '#lib/progress.ts';
import type { PipelineOptions } from './options.ts';

type Report = Required<Pick<PipelineOptions, 'say' | 'onBatch'>> & { stop(): void };

/** Reports a run to people: mode `once` with a progress bar, the other modes with one line for each batch. */
export function createBatchReport(mode: PipelineOptions['mode'], output: NodeJS.WriteStream): Report {
  const say = (message: string) => void output.write(`${message}\n`);
  let progress: Progress | undefined;
  let done = 0;
  const stop = () => {
    progress?.stop();
    progress = undefined;
    done = 0;
  };
  const onBatch: Report['onBatch'] = (batch, pending) => {
    const { batchId, files, filesReadAgain, events, duplicates, quarantined, late } = batch;
    const counts = `${events} events, ${duplicates} duplicates, ${quarantined} quarantined${late > 0 ? `, ${late} late` : ''}${filesReadAgain > 0 ? `, ${filesReadAgain} files read again` : ''}`;
    if (mode !== 'once') return say(`batch ${batchId}: ${files} files, ${counts}`);
    progress ??= createProgress('pipeline', files + pending, output);
    done += files;
    progress.update(done, counts);
    if (pending === 0) stop();
  };
  return { say, onBatch, stop };
}
