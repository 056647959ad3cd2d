import { InvalidArgumentError } from 'commander';
import { type ScenarioWish, wishSchema } from '#lib/simulator/index.ts';
import { parseDuration, parseInstant } from '../cli/arguments.ts';

/** Reads `name,location,start,length`, one of several. @throws InvalidArgumentError that says what is wrong. */
export function collectScenario(text: string, earlier: ScenarioWish[]): ScenarioWish[] {
  const [name, location, start, length, ...more] = text.split(',');
  if (!length || more.length > 0) throw new InvalidArgumentError('It must be name,location,start,length.');
  return [
    ...earlier,
    readScenario(name, { location, start: parseInstant(start ?? ''), for: parseDuration(length) }),
  ];
}

/** @throws InvalidArgumentError for a name that there is none of, or a length that does not fit. */
export function readScenario(
  name: string | undefined,
  { location, start, for: length }: { location: string | undefined; start?: Date | undefined; for: number },
): ScenarioWish {
  const parsed = wishSchema.safeParse({ name, location, start: start?.toISOString(), length_ms: length });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InvalidArgumentError(`The ${issue?.path[0] === 'name' ? 'name' : 'scenario'} ${issue?.message}.`);
}
