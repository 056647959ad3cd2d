import { type Env, loadEnv } from '#lib/env.ts';
import { OperatorError } from '#lib/errors.ts';
import { checkDatabase } from './check-database.ts';
import { checkDisk, checkNode, checkPackages, checkVolume } from './check-machine.ts';
import { checkPooler } from './check-pooler.ts';
import { checkPort, checkProcesses, findRun } from './check-processes.ts';
import { checkSignIn } from './check-sign-in.ts';
import { type Finding, fail, ok } from './finding.ts';

/** Runs every check. Without a valid environment only the first ones are possible. */
export async function runChecks(root: string): Promise<Finding[]> {
  const basics = [checkNode(), checkPackages(root)];
  const env = readEnvironment();
  if (env instanceof OperatorError) return [...basics, fail('.env', env.message)];
  const run = findRun(env);
  return [
    ...basics,
    ok('.env', 'Every variable is valid.'),
    await checkSignIn(env),
    checkDisk(env),
    checkVolume(env),
    await checkPort(env, run),
    checkProcesses(env, run),
    ...(await checkPooler(env)),
    ...(await checkDatabase(env, run !== undefined)),
  ];
}

function readEnvironment(): Env | OperatorError {
  try {
    return loadEnv();
  } catch (error) {
    if (error instanceof OperatorError) return error;
    throw error;
  }
}
