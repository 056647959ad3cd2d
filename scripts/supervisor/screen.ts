import { styleText } from 'node:util';

/** One step on the screen, from its start to how it went. */
export type Step = {
  progress(text: string): void;
  /** Ends the step well; `note` says what came of it. */
  done(note?: string): void;
  fail(): void;
};

/** What a person sees of `npm start`: live lines on a terminal, plain lines elsewhere. Talk, so stderr. */
export type Screen = {
  step(label: string): Step;
  say(line: string): void;
  warn(line: string): void;
  close(): void;
};

type Output = NodeJS.WriteStream;
type LiveStep = { label: string; text: string; since: number; toldAt: number };

/** Without a terminal, a step tells its progress this often at most. */
const PLAIN_EVERY_MS = 2000;

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Opens the screen on a stream. Colours and live lines only where the terminal has them and NO_COLOR is unset. */
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
    say: print,
    warn: (line) => print(`${paint('yellow', '!')} ${line}`),
    close: () => region?.stop(),
    step: (label) => {
      const step = { label, text: '', since: performance.now(), toldAt: performance.now() };
      const end = (mark: string, note = '') => {
        live.delete(step);
        print(`${mark} ${label}${note && `: ${note}`} ${paint('dim', `(${formatSeconds(step.since)})`)}`);
      };
      live.add(step);
      if (!region) print(`… ${label}`);
      return {
        progress: (text) => {
          step.text = text;
          if (region || performance.now() - step.toldAt < PLAIN_EVERY_MS) return;
          step.toldAt = performance.now();
          print(`  ${label}: ${text}`);
        },
        done: (note) => end(paint('green', '✓'), note),
        fail: () => end(paint('red', '✗')),
      };
    },
  };
}

/** The lines at the bottom that are drawn again and again: one for each step under way. */
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
    for (const { label, text, since } of live) {
      const line = `${FRAMES[frame % FRAMES.length]} ${label} ${formatSeconds(since)} ${text}`;
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

function formatSeconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
