import { UsageError } from '#lib/errors.ts';
import { defineCommand, runProgram } from './command.ts';

/** A subcommand that is loaded only when it runs: a program of its own, with its own `--help`. */
export type Verb = { summary: string; run: () => Promise<unknown> };
export type Verbs = Readonly<Record<string, Verb>>;

/** Runs the verb of `name`; the command itself runs where the process was given none. */
export async function runVerbOr(verbs: Verbs, run: () => Promise<unknown>): Promise<void> {
  await (findVerb(verbs, 0)?.run ?? run)();
}

/** Runs the verb that the process was given after the words of `name`; without one it lists those there are. */
export async function runVerb(
  name: string,
  description: string,
  verbs: Verbs,
  examples = Object.keys(verbs),
): Promise<void> {
  const depth = name.split(' ').length - 1;
  const verb = findVerb(verbs, depth);
  if (verb) {
    await verb.run();
    return;
  }
  const program = defineCommand(name, description, examples)
    .argument('<verb>', Object.keys(verbs).join(', '))
    .allowExcessArguments()
    .addHelpText('after', describeVerbs(verbs));
  await runProgram(program, async () => {
    throw new UsageError(
      `There is no verb "${program.args[0]}". Choose one of ${Object.keys(verbs).join(', ')}.`,
    );
  });
}

function findVerb(verbs: Verbs, depth: number): Verb | undefined {
  const word = process.argv[2 + depth] ?? '';
  return Object.hasOwn(verbs, word) ? verbs[word] : undefined;
}

/** The verbs as a help text lists them. */
export function describeVerbs(verbs: Verbs): string {
  const lines = Object.entries(verbs).map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}`);
  return `\nVerbs:\n${lines.join('\n')}`;
}
