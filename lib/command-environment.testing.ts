import { fileURLToPath } from 'node:url';

const compiled = fileURLToPath(new URL('../node_modules/.cache/compile', import.meta.url));

/** The environment of a command that a test runs: nothing of the user's, and compiled sources kept, as the launcher does. */
export function commandEnvironment(own: Record<string, string>) {
  return { NODE_ENV: 'test' as const, NODE_COMPILE_CACHE: compiled, ...own };
}
