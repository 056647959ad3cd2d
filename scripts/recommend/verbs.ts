/** Something that a command can do besides: a command of its own, with its own `--help`. */
export type Verb = { does: string; run: () => Promise<unknown> };
export type Verbs = Readonly<Record<string, Verb>>;

/** What else the command `recommend` can do. */
export const verbs: Verbs = {
  backfill: {
    does: 'scores the rest of history, of which a sample is scored',
    run: () => import('./backfill.ts'),
  },
  rerun: { does: 'asks for another recommendation for an order', run: () => import('./rerun.ts') },
  policy: { does: 'lists, shows, checks, adds and activates policies', run: () => import('./policy.ts') },
};

/** The verbs as a help text lists them. */
export function describeVerbs(list: Verbs): string {
  const lines = Object.entries(list).map(([name, { does }]) => `  ${name.padEnd(12)}${does}`);
  return `\nVerbs:\n${lines.join('\n')}`;
}
