import { resolve } from 'node:path';

/** Where writers keep what is about a volume but is no event: beside it, where no reader of event files looks. */
export function stateDirectory(volume: string): string {
  return `${resolve(volume)}-state`;
}
