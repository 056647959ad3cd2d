import { failpoint } from '#lib/failpoint.ts';

/** Runs one step of a batch and passes its failpoint, `after-<name>`, where a test can let the process die. */
export async function step<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const result = await work();
  failpoint(`after-${name}`);
  return result;
}
