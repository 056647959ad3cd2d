import type { Instrumentation } from 'next';
import { loadEnv } from '#lib/env.ts';
import { createLog, type Log } from '#lib/log.ts';

let log: Log | undefined;

/** What Next says of the call of an action that cannot be read: the client's mistake, and no problem of the operator. */
const unreadable =
  /^(SyntaxError: |\w+: (Multipart: |Unexpected end of form|Malformed part header|Body exceeded))/;

/** Logs an error while a page is rendered. The page shows its digest as the request id. */
export const onRequestError: Instrumentation.onRequestError = (
  error,
  { method, path },
  { routePath, routeType },
) => {
  log ??= createLog('console', loadEnv().LOG_LEVEL);
  const { digest, message } = error as Error & { digest?: string };
  const [pathname] = path.split('?');
  const details = { requestId: digest, err: error, method, path: pathname, routePath };
  if (routeType === 'action' && unreadable.test(`${error}`)) log.info(details, `unreadable: ${message}`);
  else log.error(details, `unexpected: ${message}`);
};
