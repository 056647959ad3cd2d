import type { Person } from '#lib/contract/person.ts';

/** Who a request is from, and by what it proves it. */
export type Identity = { person: Person; via: 'session' | 'token' | 'proxy'; sessionId?: string };
