/** What a command can do besides, each a command of its own. */
export type Verbs = Readonly<Record<string, { does: string; run: () => Promise<unknown> }>>;

/** Verbs as a help lists them. */
export function describeVerbs(verbs: Verbs): string {
  const lines = Object.entries(verbs).map(([name, { does }]) => `  ${name.padEnd(12)}${does}`);
  return `\nVerbs:\n${lines.join('\n')}`;
}
