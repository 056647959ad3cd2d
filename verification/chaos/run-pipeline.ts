import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { childEnvironment } from '#lib/env.ts';

const root = join(import.meta.dirname, '../..');
const KEPT = 4000;

/** A running `pipeline` command: what it said last, and how it ended. */
export type PipelineProcess = {
  child: ChildProcess;
  /** The batches that it has committed and told. */
  batches(): number;
  said(): string;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
};

/** Starts the real command, as a supervisor does; `failpoints` as in FAILPOINTS. */
export function startPipeline(url: string, args: string[], failpoints = ''): PipelineProcess {
  const child = spawn(process.execPath, [join(root, 'scripts/pipeline.ts'), ...args], {
    cwd: root,
    env: childEnvironment({ DATABASE_URL: url, FAILPOINTS: failpoints, NODE_NO_WARNINGS: '1' }),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  let batches = 0;
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    batches += chunk.match(/^batch \d/gm)?.length ?? 0;
    text = (text + chunk).slice(-KEPT);
  });
  const end = () => child.kill('SIGKILL');
  process.on('exit', end);
  const ended = once(child, 'exit').then(([code, signal]) => {
    process.off('exit', end);
    return { code, signal };
  });
  return { child, batches: () => batches, said: () => text, ended };
}

/** Lets the command drain the volume. @returns a problem where it does not end with 0. */
export async function drainToEnd(url: string, volume: string): Promise<string[]> {
  const run = startPipeline(url, ['--once', '--volume', volume]);
  const { code, signal } = await run.ended;
  return code === 0 ? [] : [`the drain at the end ended with ${code ?? signal}: ${run.said()}`];
}
