import { UsageError } from '#lib/errors.ts';

type Armed = { action: 'kill' | 'stop'; after: number };
const signals = { kill: 'SIGKILL', stop: 'SIGSTOP' } as const;
const armed = new Map<string, Armed>();

/**
 * Arms points at which the program is killed (`kill`) or frozen (`stop`), for tests of crash recovery:
 * `after-commit=kill@3,after-lock=stop` kills it after the third commit and freezes it with the lock held.
 * @throws UsageError where the text is not of this form.
 */
export function armFailpoints(text = ''): void {
  armed.clear();
  for (const entry of text.split(',').filter(Boolean)) {
    const [, name, action, after = '1'] = /^([a-z_-]+)=(kill|stop)(?:@([1-9]\d*))?$/.exec(entry) ?? [];
    if (!name) throw new UsageError(`FAILPOINTS has "${entry}", which is not name=kill or name=stop@2.`);
    armed.set(name, { action: action === 'kill' ? 'kill' : 'stop', after: Number(after) });
  }
}

/** Kills or freezes the process if this point is armed; does nothing otherwise. */
export function failpoint(name: string): void {
  const point = armed.get(name);
  if (!point) return;
  point.after -= 1;
  if (point.after === 0) process.kill(process.pid, signals[point.action]);
}
