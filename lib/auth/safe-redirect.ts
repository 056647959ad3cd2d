const HOME = '/refunds';
const BASE = 'http://console.invalid';

/**
 * The path to go to after signing in: `path` where it is a page of this console, the queue otherwise. Never
 * another site, whatever spelling of one `path` tries.
 */
export function safeRedirect(path: unknown): string {
  if (typeof path !== 'string' || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(path)) return HOME;
  if (!URL.canParse(path, BASE)) return HOME;
  const { origin, pathname, search, hash } = new URL(path, BASE);
  if (origin !== BASE || pathname.startsWith('//') || /^\/(api|sign-in)(\/|$)/.test(pathname)) return HOME;
  return `${pathname}${search}${hash}`;
}
