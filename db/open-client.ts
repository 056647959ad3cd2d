import pg from 'pg';
import { environmentPassword, PasswordError, type PasswordProvider } from './password.ts';

/** A refused password may have been replaced a moment ago: so often it is asked for again. */
const RETRY_PAUSES_MS = [50, 200, 500, 1000];

/** The provider for an address: none where the address names a password itself. */
export function passwordFor(url: string): PasswordProvider | undefined {
  if (!URL.canParse(url)) return undefined;
  const { password, searchParams } = new URL(url);
  return password || searchParams.has('password') ? undefined : environmentPassword();
}

/**
 * The class of clients that ask `provider` for their password, which hides what the address says. It is asked before the
 * connection is opened, because the server looks up its password when a connection begins: one that is made during that
 * comes too late. A password that the server refuses is forgotten.
 */
export function askingClient(
  provider: PasswordProvider,
  Base: typeof pg.Client = pg.Client,
): typeof pg.Client {
  return class extends Base {
    override connect(...args: unknown[]): never {
      const callback = args[0] as ((error: unknown, client?: pg.Client) => void) | undefined;
      const connected = this.#connect();
      if (callback) connected.then((client) => callback(null, client), callback);
      return (callback ? undefined : connected) as never;
    }

    async #connect(): Promise<pg.Client> {
      const password = await provider.read();
      Object.assign(this, { password });
      try {
        return await super.connect();
      } catch (error) {
        if (isRefused(error)) provider.forget(password);
        throw error;
      }
    }
  };
}

/** A client that asks `provider` for its password, if there is one. */
export function createClient(
  config: pg.ClientConfig & { connectionString: string },
  provider = passwordFor(config.connectionString),
): pg.Client {
  const Client = provider ? askingClient(provider) : pg.Client;
  return new Client(config);
}

/** A connected client; a refused password is asked for again. */
export async function openClient(config: pg.ClientConfig & { connectionString: string }): Promise<pg.Client> {
  const provider = passwordFor(config.connectionString);
  return retryPassword(provider, async () => {
    const client = createClient(config, provider);
    client.on('error', () => undefined);
    await client.connect();
    return client;
  });
}

/**
 * Connects; where the server refuses a password that may have been replaced, or there was none for a moment, asks for it
 * again.
 */
export async function retryPassword<Result>(
  provider: PasswordProvider | undefined,
  work: () => Promise<Result>,
  pauses: readonly number[] = provider ? RETRY_PAUSES_MS : [],
): Promise<Result> {
  const [pause, ...later] = pauses;
  try {
    return await work();
  } catch (error) {
    if (pause === undefined || !(isRefused(error) || error instanceof PasswordError)) throw error;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return retryPassword(provider, work, later);
}

function isRefused(error: unknown): boolean {
  return (error as { code?: string }).code === '28P01';
}
