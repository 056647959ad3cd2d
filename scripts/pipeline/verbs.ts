type Verb = { does: string; run: () => Promise<unknown> };

/** What else the command `pipeline` can do; each is a command of its own, with its own `--help`. */
export const verbs: Readonly<Record<string, Verb>> = {
  rebuild: {
    does: 'computes silver and gold anew from bronze; --verify only compares',
    run: () => import('./rebuild.ts'),
  },
  events: { does: 'tells what happened to the pipeline and when', run: () => import('./events.ts') },
  graph: { does: 'draws the lineage of the tables, or prints it as data', run: () => import('./graph.ts') },
};

/** The verbs as the help of `pipeline` lists them. */
export function describeVerbs(): string {
  const lines = Object.entries(verbs).map(([name, { does }]) => `  ${name.padEnd(12)}${does}`);
  return `\nVerbs:\n${lines.join('\n')}`;
}
