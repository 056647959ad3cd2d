import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readNetwork, type StoredNetwork } from './network-file.ts';

export type NetworkChoice = {
  code: string;
  /** The directory of the location configs, and the file that the location's config names, seen from there. */
  configs: string;
  named?: string | undefined;
  /** The file that was asked for, before all others. */
  wanted?: string | undefined;
};

/**
 * The network of a location: the file asked for, the one that its config names, or `../roads/<code>.json.gz` beside
 * the configs. Undefined where there is none: the city is synthetic then. @throws OperatorError for a file that is none.
 */
export async function chooseNetwork(choice: NetworkChoice): Promise<StoredNetwork | undefined> {
  const { code, configs, named, wanted } = choice;
  if (wanted !== undefined) return readNetwork(wanted);
  if (named !== undefined) return readNetwork(resolve(configs, named));
  const own = join(configs, '../roads', `${code}.json.gz`);
  return existsSync(own) ? readNetwork(own) : undefined;
}
