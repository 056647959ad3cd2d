import { childEnvironment } from '#lib/env.ts';
import { type Child, startChild } from '../../scripts/supervisor/process/child.ts';

export type ScriptEnvironment = Record<string, string>;

/** Runs a command of the project to its end. @returns its output. @throws Error with its output where it fails. */
export async function runScript(script: string, args: string[], env: ScriptEnvironment): Promise<string[]> {
  const said: string[] = [];
  const child = startChild(
    { name: script, script, args, env: childEnvironment(env) },
    { onLine: (line) => said.push(line) },
  );
  const { code } = await child.exited;
  if (code !== 0) throw new Error(`${script} ${args.join(' ')} failed:\n${said.slice(-20).join('\n')}`);
  return said;
}

/** `said` grows with every line of the log. */
export type OpenConsole = { url: string; child: Child; said: string[] };

/** Serves the build on a free port, or on that of `args`. @throws Error with its output where it ends before it is ready. */
export async function openConsole(env: ScriptEnvironment, args: string[] = []): Promise<OpenConsole> {
  const said: string[] = [];
  const ready = Promise.withResolvers<string>();
  const child = startChild(
    { name: 'console', script: 'console.ts', args, env: childEnvironment(env) },
    {
      onLine: (line) => said.push(line),
      onMessage: (message) => ready.resolve((message as { ready: { url: string } }).ready.url),
    },
  );
  const died = child.exited.then(() => Promise.reject(new Error(`console.ts ended:\n${said.join('\n')}`)));
  died.catch(() => undefined);
  return { url: await Promise.race([ready.promise, died]), child, said };
}
