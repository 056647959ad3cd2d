import type { Instrumentation } from 'next';
import { loadEnv } from '#lib/env.ts';
import { createLog, type Log } from '#lib/log.ts';

let log: Log | undefined;

/** Logs an error while a page is rendered. The page shows its digest as the request id. */
export const onRequestError: Instrumentation.onRequestError = (error, { method, path }, { routePath }) => {
  log ??= createLog('console', loadEnv().LOG_LEVEL);
  const { digest, message } = error as Error & { digest?: string };
  const [pathname] = path.split('?');
  log.error({ requestId: digest, err: error, method, path: pathname, routePath }, `unexpected: ${message}`);
};
