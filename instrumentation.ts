import type { Instrumentation } from 'next';
import { loadEnv } from '#lib/env.ts';
import { createLog, type Log } from '#lib/log.ts';

let log: Log | undefined;

/** What fails while a page is made: whoever meets it is shown the digest alone, as their request, and it is found here. */
export const onRequestError: Instrumentation.onRequestError = (error, { method, path }, { routePath }) => {
  log ??= createLog('console', loadEnv().LOG_LEVEL);
  const { digest, message } = error as Error & { digest?: string };
  const [place] = path.split('?');
  log.error({ requestId: digest, err: error, method, path: place, routePath }, `unexpected: ${message}`);
};
