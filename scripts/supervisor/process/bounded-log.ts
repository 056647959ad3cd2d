import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** A log file that never holds more than `maxBytes`, with one older file beside it (`NAME.log.1`). */
export type BoundedLog = { write(line: string): void };

/** Opens a bounded log and appends to it. `onProblem` gets the first error of each series of failed writes. */
export function openBoundedLog(
  path: string,
  maxBytes: number,
  onProblem: (error: unknown) => void,
): BoundedLog {
  mkdirSync(dirname(path), { recursive: true });
  let bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  let failing = false;
  const rotate = () => {
    rmSync(`${path}.1`, { force: true });
    if (bytes > 0) renameSync(path, `${path}.1`);
    bytes = 0;
  };
  return {
    write: (line) => {
      const text = `${line}\n`;
      try {
        if (bytes + Buffer.byteLength(text) > maxBytes) rotate();
        appendFileSync(path, text);
        bytes += Buffer.byteLength(text);
        failing = false;
      } catch (error) {
        if (!failing) onProblem(error);
        failing = true;
      }
    },
  };
}
