import pg from 'pg';
import { askingClient, retryPassword } from './open-client.ts';
import type { PasswordProvider } from './password.ts';

type Callback = (
  error: Error | undefined,
  client?: pg.PoolClient,
  release?: (error?: unknown) => void,
) => void;

/** A pool whose new connections ask `provider` for the password, again where the server refuses one that was replaced. */
export class PasswordPool extends pg.Pool {
  readonly #provider: PasswordProvider | undefined;

  constructor(provider: PasswordProvider | undefined, config: pg.PoolConfig & { Client?: typeof pg.Client }) {
    const client = provider ? askingClient(provider, config.Client) : config.Client;
    super({ ...config, ...(client && { Client: client }) } as pg.PoolConfig);
    this.#provider = provider;
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Callback): void;
  override connect(callback?: Callback): Promise<pg.PoolClient> | undefined {
    const connected = retryPassword(this.#provider, () => super.connect());
    if (!callback) return connected;
    connected.then(
      (client) => callback(undefined, client, (error) => client.release(error as Error)),
      (error: Error) => callback(error),
    );
    return undefined;
  }
}
