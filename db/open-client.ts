import pg from 'pg';
import { environmentPassword, type PasswordProvider } from './password.ts';

/** A refused password may have been replaced a moment ago: so often it is asked for again. */
const RETRY_PAUSES_MS = [50, 200, 500, 1000];

/** The provider for an address: none where the address names a password itself. */
export function passwordFor(url: string): PasswordProvider | undefined {
  if (!URL.canParse(url)) return undefined;
  const { password, searchParams } = new URL(url);
  return password || searchParams.has('password') ? undefined : environmentPassword();
}

/** A client that asks `provider` for its password, if there is one. */
export function createClient(
  config: pg.ClientConfig & { connectionString: string },
  provider = passwordFor(config.connectionString),
): pg.Client {
  const client = new pg.Client(config);
  if (provider) Object.assign(client, { password: () => provider.read() });
  return client;
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

/** Connects; where the server refuses a password that may have been replaced, asks for it again. */
export async function retryPassword<Result>(
  provider: PasswordProvider | undefined,
  work: () => Promise<Result>,
  pauses: readonly number[] = provider ? RETRY_PAUSES_MS : [],
): Promise<Result> {
  const [pause, ...later] = pauses;
  try {
    return await work();
  } catch (error) {
    if (pause === undefined || (error as { code?: string }).code !== '28P01') throw error;
    provider?.forget();
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return retryPassword(provider, work, later);
}
