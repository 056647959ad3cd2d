import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '#lib/env.ts';
import type { ScriptEnvironment } from './run-script.ts';

/** `npm start` as a process, with its output so far. */
export type StartedSystem = {
  process: ChildProcess;
  output: { stdout: string; stderr: string };
  /** The URL of its line `ready URL`. @throws Error with its output where it ends before. */
  ready(): Promise<string>;
  /** Its exit code, once it has one; null where it was killed. */
  exited: Promise<number | null>;
};

/** Runs scripts/start.ts. */
export function startSystem(env: ScriptEnvironment, ...args: string[]): StartedSystem {
  const script = fileURLToPath(new URL('../../scripts/start.ts', import.meta.url));
  const child = spawn(process.execPath, [script, ...args], {
    env: childEnvironment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  const exited = once(child, 'close').then(([code]) => code);
  const ready = Promise.withResolvers<string>();
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output.stdout += text;
    const url = /^ready (\S+)$/m.exec(output.stdout)?.[1];
    if (url) ready.resolve(url);
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output.stderr += text;
  });
  exited.then(() => ready.reject(new Error(`start ended:\n${output.stderr}`)));
  ready.promise.catch(() => undefined);
  return { process: child, output, ready: () => ready.promise, exited };
}
