import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, OperatorError } from '#lib/errors.ts';
import { type LocationConfig, parseLocationConfig } from './location-config.ts';

type Place = { location_code: string; name: string };

/**
 * Reads a location's config: `<code>.json` in a directory, or the file called after its name ("San Francisco" →
 * sanfrancisco.json). A location without a file has the defaults.
 * @throws OperatorError that names the file and what is wrong in it.
 */
export function readLocationConfig(directory: string, place: Place): LocationConfig {
  const names = namesOf(place);
  const file = names.map((name) => join(directory, `${name}.json`)).find((path) => existsSync(path));
  const config = parseLocationConfig(file ? readJson(file) : {}, file);
  if (config.location_name === undefined || names.includes(config.location_name)) return config;
  throw new OperatorError(
    `${file} does not hold: location_name is "${config.location_name}", but the file is for ${names.join(' or ')}. Correct it and start again.`,
  );
}

function namesOf({ location_code, name }: Place): string[] {
  return [...new Set([location_code, name.toLowerCase().replace(/[^a-z0-9]/g, '')])];
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new OperatorError(`${file} is not readable JSON: ${messageOf(error)}.`, { cause: error });
  }
}
