/** An answer that is not accepted from a server: `code` says why. */
export class ServerFault extends Error {
  readonly code: 'too_large' | 'redirected';
  constructor(code: ServerFault['code'], message: string) {
    super(message);
    this.name = 'ServerFault';
    this.code = code;
  }
}

export type FetchGuard = {
  /** Milliseconds for the whole exchange, the body included. */
  timeoutMs: number;
  /** Bytes of the body at most, after decompression. */
  maxBytes: number;
};

/**
 * A fetch that always ends: one deadline from the first byte sent to the last received, a limit on the body as it is
 * decompressed, and no redirect followed, which would send the key to another host. The body is returned whole.
 */
export function guardedFetch({ timeoutMs, maxBytes }: FetchGuard): typeof fetch {
  return async (input, init) => {
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = init?.signal ? AbortSignal.any([init.signal, deadline]) : deadline;
    const response = await fetch(input, { ...init, signal, redirect: 'manual' });
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      throw new ServerFault('redirected', `the server redirects (${response.status})`);
    }
    const body = await readBody(response, maxBytes);
    const headers = new Headers(response.headers);
    for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) headers.delete(name);
    const empty = response.status === 204 || response.status === 205;
    return new Response(empty ? null : body, { status: response.status, headers });
  };
}

async function readBody(response: Response, maxBytes: number): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes)
      throw new ServerFault('too_large', `the server's answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return new Blob(chunks);
}
