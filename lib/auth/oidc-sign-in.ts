import { BusyError, messageOf } from '#lib/errors.ts';
import type { AuthServerOptions } from './auth-options.ts';
import { createOidcServer } from './create-oidc-server.ts';
import { discoverOidc } from './oidc-discovery.ts';
import type { OidcSettings } from './oidc-settings.ts';

export type OidcServer = ReturnType<typeof createOidcServer>;

/** A provider to sign in with. `open` asks it what it is, once it is needed and until it answers. */
export type OidcSignIn = { name: string; open(): Promise<OidcServer> };

/** Signing in with a provider. One that is away keeps nobody from anything else, and is asked again each time. */
export function createOidcSignIn(options: AuthServerOptions, settings: OidcSettings): OidcSignIn {
  let server: Promise<OidcServer> | undefined;
  async function create(): Promise<OidcServer> {
    try {
      return createOidcServer(options, settings, await discoverOidc(settings));
    } catch (error) {
      server = undefined;
      options.log.error(`nobody can sign in with ${settings.name}: ${messageOf(error)}`);
      throw new BusyError(
        `Signing in with ${settings.name} does not work just now. Use your password, or try again in a moment.`,
        { cause: error },
      );
    }
  }
  return {
    name: settings.name,
    open: () => {
      server ??= create();
      return server;
    },
  };
}
