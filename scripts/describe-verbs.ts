/** Something that a command can do besides: a command of its own, with its own `--help`. */
export type Verb = { does: string; run: () => Promise<unknown> };
export type Verbs = Readonly<Record<string, Verb>>;

/** The verbs as a help text lists them. */
export function describeVerbs(list: Verbs): string {
  const lines = Object.entries(list).map(([name, { does }]) => `  ${name.padEnd(12)}${does}`);
  return `\nVerbs:\n${lines.join('\n')}`;
}
