import { styleText } from 'node:util';

/** One step on the screen, from its start to its outcome. */
export type Step = {
  progress(text: string): void;
  /** Ends the step; `note` sums its result up. */
  done(note?: string): void;
  fail(): void;
};

/** What a person sees of `npm start`, on stderr: lines that are redrawn on a terminal, plain lines elsewhere. */
export type Screen = {
  step(label: string): Step;
  print(line: string): void;
  warn(line: string): void;
  close(): void;
};

/**
 * Runs work of this process as a step on the screen, unless `signal` has aborted; `note` sums the result up.
 */
export async function withProgressStep<Result>(
  { screen, signal }: { screen: Screen; signal: AbortSignal },
  label: string,
  work: () => Promise<Result>,
  note: (result: Result) => string = () => '',
): Promise<Result> {
  signal.throwIfAborted();
  const step = screen.step(label);
  try {
    const result = await work();
    step.done(note(result));
    return result;
  } catch (error) {
    step.fail();
    throw error;
  }
}

type Output = NodeJS.WriteStream;
type LiveStep = { label: string; text: string; startedAt: number; printedAt: number };

/** Without a terminal, a step prints its progress at most once in this time. */
const PLAIN_PROGRESS_MS = 2000;

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Opens the screen on a stream. Colours and redrawn lines need a terminal that has them, and NO_COLOR unset. */
export function openScreen(output: Output = process.stderr): Screen {
  const live = new Set<LiveStep>();
  const region = output.isTTY && output.hasColors() ? createRegion(output, live) : undefined;
  const paint = (colour: 'green' | 'red' | 'yellow' | 'dim', text: string) =>
    styleText(colour, text, { stream: output });
  const print = (line: string) => {
    region?.clear();
    output.write(`${line}\n`);
    region?.draw();
  };
  return {
    print,
    warn: (line) => print(`${paint('yellow', '!')} ${line}`),
    close: () => region?.stop(),
    step: (label) => {
      const step = { label, text: '', startedAt: performance.now(), printedAt: performance.now() };
      const end = (mark: string, note = '') => {
        live.delete(step);
        print(`${mark} ${label}${note && `: ${note}`} ${paint('dim', `(${formatSeconds(step.startedAt)})`)}`);
      };
      live.add(step);
      if (!region) print(`… ${label}`);
      return {
        progress: (text) => {
          step.text = text;
          if (region || performance.now() - step.printedAt < PLAIN_PROGRESS_MS) return;
          step.printedAt = performance.now();
          print(`  ${label}: ${text}`);
        },
        done: (note) => end(paint('green', '✓'), note),
        fail: () => end(paint('red', '✗')),
      };
    },
  };
}

/** The lines at the bottom that are redrawn: one for each step in progress. */
function createRegion(output: Output, live: Set<LiveStep>) {
  let drawn = 0;
  let frame = 0;
  const clear = () => {
    if (drawn === 0) return;
    output.moveCursor(0, -drawn);
    output.cursorTo(0);
    output.clearScreenDown();
    drawn = 0;
  };
  const draw = () => {
    for (const { label, text, startedAt } of live) {
      const line = `${FRAMES[frame % FRAMES.length]} ${label} ${formatSeconds(startedAt)} ${text}`;
      output.write(`${line.slice(0, (output.columns || 80) - 1)}\n`);
      drawn += 1;
    }
  };
  const timer = setInterval(() => {
    frame += 1;
    clear();
    draw();
  }, 120);
  timer.unref();
  return {
    clear,
    draw,
    stop: () => {
      clearInterval(timer);
      clear();
    },
  };
}

function formatSeconds(startedAt: number): string {
  return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
}
