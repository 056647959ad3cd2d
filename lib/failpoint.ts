import { UsageError } from '#lib/errors.ts';

type Armed = { action: 'kill' | 'stop'; after: number };
const signals = { kill: 'SIGKILL', stop: 'SIGSTOP' } as const;
const armed = new Map<string, Armed>();

/**
 * Arms points of the program at which it dies (`kill`) or freezes (`stop`), for tests of what is left then:
 * `after-commit=kill@3,after-lock=stop` dies after the third commit and freezes with the lock.
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

/** Does what `armFailpoints` said for this point, and nothing otherwise. */
export function failpoint(name: string): void {
  const point = armed.get(name);
  if (!point) return;
  point.after -= 1;
  if (point.after === 0) process.kill(process.pid, signals[point.action]);
}
