import { expect, test } from './console.ts';
import { cookieOf } from './setup/cookie-of.ts';

test('violations of the policy are blocked, and every page of these specs is watched for them', async ({
  page,
  policy,
}) => {
  await page.goto('/sign-in');
  expect([policy.documents, policy.broken]).toEqual([1, []]);
  await page.evaluate(() => {
    const injected = document.createElement('div');
    injected.innerHTML = '<img src="/no-such-image" onerror="window.ran = true">';
    const style = document.createElement('style');
    style.textContent = 'body { margin-left: 77px !important }';
    const image = new Image();
    image.src = 'https://elsewhere.example/x.png';
    document.body.append(injected, style, image);
    document.body.setAttribute('style', 'padding-left: 77px');
  });
  for (const directive of ['script-src-attr', 'style-src-elem', 'style-src-attr', 'img-src'])
    await expect.poll(() => policy.broken.join('\n')).toContain(` ${directive} `);
  const done = await page.evaluate(() => ({
    ran: 'ran' in window,
    margin: getComputedStyle(document.body).marginLeft,
    padding: getComputedStyle(document.body).paddingLeft,
  }));
  expect(done).toEqual({ ran: false, margin: '0px', padding: '0px' });
  policy.broken.length = 0;
});

const paths = [
  '/',
  '/sign-in',
  '/refunds',
  '/refunds/nowhere',
  '/decisions',
  '/settings',
  '/settings/people',
  '/no-such-page',
  '/%ZZ',
  '/api/summary',
  '/api/decisions/export',
  '/api/auth/get-session',
  '/api/no-such-route',
  '/api/orders/%ZZ/events',
  '/healthz',
  '/readyz',
  '/icon.svg',
  '/_next/static/no-such-file.js',
];
const promised = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

test('every route, error and file has the headers, and every page its own nonce', async ({ system }) => {
  const cookie = await cookieOf(system, 'admin');
  const html = await (await fetch(`${system.url}/refunds`, { headers: { cookie } })).text();
  const files = [...html.matchAll(/\/_next\/static\/[^"\\]+\.(?:js|css)/g)].map(([path]) => path);
  expect(files.length).toBeGreaterThan(3);
  const nonces: string[] = [];
  for (const headers of [{ cookie }, { cookie: '' }])
    for (const path of [...paths, ...files]) {
      const answer = await fetch(`${system.url}${path}`, { headers, redirect: 'manual' });
      await answer.body?.cancel();
      nonces.push(...checkHeaders(path, Object.fromEntries(answer.headers)));
    }
  expect(nonces.length).toBeGreaterThan(8);
  expect(new Set(nonces).size).toBe(nonces.length);
});

/** Checks the headers. @returns the nonce of a page; other responses have none. */
function checkHeaders(path: string, headers: Record<string, string>): string[] {
  const policy = headers['content-security-policy'] ?? '';
  const isPage = !/^\/(api|_next)\//.test(path) && /^text\/html/.test(headers['content-type'] ?? '');
  expect.soft([path, headers]).toEqual([path, expect.objectContaining(promised)]);
  expect.soft([path, 'x-powered-by' in headers]).toEqual([path, false]);
  expect.soft([path, policy]).toEqual([path, expect.not.stringMatching(/unsafe-(inline|eval)/)]);
  const expected = isPage ? /script-src 'nonce-/ : /script-src 'nonce-|default-src 'none'/;
  expect.soft([path, policy]).toEqual([path, expect.stringMatching(expected)]);
  return isPage ? [...policy.matchAll(/nonce-[^']+/g)].map(([nonce]) => nonce) : [];
}
