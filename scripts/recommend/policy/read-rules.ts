import { readFile } from 'node:fs/promises';
import { messageOf, OperatorError } from '#lib/errors.ts';

/** Reads the rules of a policy from a file. @throws OperatorError where it cannot be read or holds no JSON. */
export async function readRules(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new OperatorError(`${path} cannot be read: ${messageOf(error)}.`);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new OperatorError(`${path} holds no JSON: ${messageOf(error)}.`);
  }
}
