import { SingleBar } from 'cli-progress';

/** Shows the progress of long work; `done` counts up to the `total` that it was created with. */
export type Progress = { update(done: number, note?: string): void; stop(): void };

type Output = NodeJS.WritableStream & { isTTY?: boolean };

export const silentProgress: Progress = { update: () => undefined, stop: () => undefined };

/** A progress bar on a terminal; elsewhere a plain line for each tenth of the work. It is written to stderr. */
export function createProgress(label: string, total: number, output: Output = process.stderr): Progress {
  return output.isTTY ? createBar(label, total, output) : createLines(label, total, output);
}

/** The status of work without an end: one line on a terminal, nothing elsewhere. */
export type StatusLine = { update(text: string): void; stop(): void };

export const silentStatusLine: StatusLine = { update: () => undefined, stop: () => undefined };

export function createStatusLine(output: Output = process.stderr): StatusLine {
  if (!output.isTTY) return silentStatusLine;
  let shown = '';
  return {
    update: (text) => {
      if (text !== shown) output.write(`\r\u001b[K${text}`);
      shown = text;
    },
    stop: () => {
      if (shown !== '') output.write('\n');
      shown = '';
    },
  };
}

function createBar(label: string, total: number, output: Output): Progress {
  const bar = new SingleBar({
    format: `${label} {bar} {percentage}% {note}`,
    stream: output,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 28,
    hideCursor: true,
  });
  bar.start(total, 0, { note: '' });
  return {
    update: (done, note = '') => bar.update(Math.min(done, total), { note }),
    stop: () => bar.stop(),
  };
}

function createLines(label: string, total: number, output: Output): Progress {
  let shown = 0;
  return {
    update: (done, note = '') => {
      const tenth = total > 0 ? Math.floor((Math.min(done, total) / total) * 10) : 10;
      if (tenth <= shown) return;
      shown = tenth;
      output.write(`${label} ${tenth * 10}% ${note}`.trimEnd().concat('\n'));
    },
    stop: () => undefined,
  };
}
