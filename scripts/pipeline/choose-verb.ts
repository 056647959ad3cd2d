import { UsageError } from '#lib/errors.ts';
import { defineCommand, runProgram } from '../command.ts';
import { describeVerbs, type Verbs } from './describe-verbs.ts';

/** Runs the verb that the process was given after the words of `name`, or says which there are. */
export function chooseVerb(name: string, description: string, verbs: Verbs): Promise<unknown> {
  const word = process.argv[1 + name.split(' ').length] ?? '';
  const verb = Object.hasOwn(verbs, word) ? verbs[word] : undefined;
  if (verb) return verb.run();
  const names = Object.keys(verbs);
  const program = defineCommand(name, description, names).addHelpText('after', describeVerbs(verbs));
  return runProgram(program.allowExcessArguments(), async () => {
    throw new UsageError(`Say one of: ${names.join(', ')}. --help tells more.`);
  });
}
