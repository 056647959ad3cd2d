import { consoleRuntime } from './console-runtime.ts';

/** What people may sign in with beside a password, by its name; undefined where nothing is configured. */
export function getSingleSignOn(): { name: string } | undefined {
  const { oidc } = consoleRuntime();
  return oidc && { name: oidc.name };
}
