const DEFAULT_PATH = '/refunds';
const BASE = 'http://console.invalid';

/**
 * Where to go after signing in: `path` if it is a page of this console, otherwise the queue. Never another site,
 * however `path` is spelled.
 */
export function safeRedirect(path: unknown): string {
  if (typeof path !== 'string' || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(path)) return DEFAULT_PATH;
  if (!URL.canParse(path, BASE)) return DEFAULT_PATH;
  const { origin, pathname, search, hash } = new URL(path, BASE);
  if (origin !== BASE || pathname.startsWith('//') || /^\/(api|sign-in)(\/|$)/.test(pathname))
    return DEFAULT_PATH;
  return `${pathname}${search}${hash}`;
}
