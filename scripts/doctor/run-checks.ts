import { type Env, loadEnv } from '#lib/env.ts';
import { OperatorError } from '#lib/errors.ts';
import { checkDatabase } from './check-database.ts';
import { checkDisk } from './check-disk.ts';
import { checkNode } from './check-node.ts';
import { checkPackages } from './check-packages.ts';
import { checkPort, checkProcesses, findRun } from './check-processes.ts';
import { checkSignIn } from './check-sign-in.ts';
import { checkVolume } from './check-volume.ts';
import { type Finding, fail, ok } from './finding.ts';

/** Runs every check, from the ground up; without a valid environment the rest is not known. */
export async function runChecks(root: string): Promise<Finding[]> {
  const ground = [checkNode(), checkPackages(root)];
  const env = readEnvironment();
  if (env instanceof OperatorError) return [...ground, fail('.env', env.message)];
  const run = findRun(env);
  return [
    ...ground,
    ok('.env', 'Every variable holds.'),
    await checkSignIn(env),
    checkDisk(env),
    checkVolume(env),
    await checkPort(env, run),
    checkProcesses(env, run),
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
