import { TooManyRequestsError } from '#lib/errors.ts';
import { createLimiter } from './limiter.ts';
import type { PersonContext } from './types.ts';

const admitWrite = createLimiter({ max: 600, seconds: 60 });

/** @throws TooManyRequestsError where a person or program writes more than ten times a second for a minute. */
export function limitWrites({ person, clock }: Pick<PersonContext, 'person' | 'clock'>): void {
  const wait = admitWrite(person.id, clock.now());
  if (wait !== undefined)
    throw new TooManyRequestsError(`Too many requests. Nothing was written; try again in ${wait} s.`, wait);
}
