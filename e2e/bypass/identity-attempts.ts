import type { Attempt } from './read-attempts.ts';
import { type Answer, ask, postRefund, refund, type World } from './world.ts';

const all = (...answers: Promise<Answer>[]) => Promise.all(answers);
const asDead = (kind: keyof World['dead']) => (w: World) => asCookie(w, w.dead[kind]);

/** Reads and writes with a cookie that must not be valid. */
function asCookie(world: World, cookie: string): Promise<Answer[]> {
  const other = { ...world, cookie };
  return all(ask(other, '/api/recommendations?include_zero=true'), postRefund(other, refund(other)));
}

function signIn(world: World, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return ask({ ...world, cookie: '' }, '/api/auth/sign-in/email', {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: world.system.url, ...headers },
    body: JSON.stringify(body),
  });
}

const amounts = [
  '"0"',
  '"0.00"',
  '-0.01',
  '-1e-7',
  '1e999',
  '"NaN"',
  '"٣"',
  '[0]',
  '{"usd":0}',
  'null',
  'true',
];

/** Attacks that impersonate a person or reach the data of another; 31 to 48 of the list. */
export const identityAttempts: Attempt[] = [
  { name: '31 no cookie', play: (w) => asCookie(w, '') },
  {
    name: '32 a session that never was',
    play: (w) => asCookie(w, `caspers.session_token=${'A'.repeat(32)}.${'B'.repeat(43)}%3D`),
  },
  { name: '33 a revoked session', play: asDead('revoked') },
  { name: '34 a session from before a password change', play: asDead('password') },
  {
    name: '35 session fixation',
    play: async (w) => {
      const fixed = `caspers.session_token=${'C'.repeat(32)}`;
      const tried = await signIn(w, { email: 'reviewer@caspers.local', password: 'x' }, { cookie: fixed });
      return [tried, ...(await asCookie(w, fixed))];
    },
  },
  {
    name: '36 an invalid token',
    play: (w) =>
      all(
        ...['Bearer x', `Bearer caspers_${'a'.repeat(43)}`, 'Bearer ', 'Basic YTpi'].map((authorization) =>
          postRefund({ ...w, cookie: '' }, refund(w), { authorization }),
        ),
      ),
  },
  { name: '37 a role that was lowered', play: asDead('lowered') },
  {
    name: '38 forged headers of a proxy',
    play: async (w) => {
      const forged = {
        'x-forwarded-email': 'lead@caspers.local',
        'x-forwarded-user': 'lead',
        'x-proxy-secret': 'x'.repeat(40),
        'x-caspers-peer': '127.0.0.1',
      };
      const anonymous = { ...w, cookie: '' };
      return all(
        ask(anonymous, '/api/summary', { headers: forged }),
        postRefund(anonymous, refund(w), forged),
        postRefund(anonymous, refund(w), { ...forged, 'x-forwarded-email': 'lead@caspers.local, a@b' }),
      );
    },
  },
  {
    name: '39 guessing with another address each time',
    play: async (w) => {
      const email = `guess-${w.mark.replace(/\W/g, '')}@example.com`;
      const tries: Answer[] = [];
      for (let n = 0; n < 7; n++)
        tries.push(await signIn(w, { email, password: `guess-${n}` }, { 'x-forwarded-for': `10.0.0.${n}` }));
      if (tries.at(-1)?.status !== 429) throw new Error('seven guesses from one place are not limited');
      return tries;
    },
  },
  {
    name: '40 ways to sign in that there are not',
    play: (w) =>
      all(
        ...[
          'oauth2/callback/x?code=1&state=2',
          'callback/google?code=1',
          'sign-in/social',
          'magic-link/verify',
          'sign-in/oidc',
          'callback/oidc?code=1&state=2',
        ]
          .map((path) => `/api/auth/${path}`)
          .flatMap((path) => [ask(w, path), ask(w, path, { method: 'POST', body: '{}' })]),
      ),
  },
  {
    name: '41 away to another site',
    play: async (w) => {
      const places = ['//evil.example', '/\\evil.example', 'javascript:alert(1)', 'https://evil.example'];
      const answers = await all(
        ...places.map((place) => ask(w, `/sign-in?next=${encodeURIComponent(place)}`)),
        ...places.map((callbackURL) => signIn(w, { email: 'a@b.cd', password: 'x', callbackURL })),
      );
      const away = answers.filter(({ text }) => /^location: (?!\/(?![/\\]))/im.test(text));
      if (away.length > 0) throw new Error('it leads away');
      return answers;
    },
  },
  {
    name: '42 who has an account',
    play: async (w) => {
      const known = await signIn(w, { email: 'lead@caspers.local', password: 'wrong-wrong-wrong' });
      const unknown = await signIn(w, { email: `no-${w.mark.length}@x.yz`, password: 'wrong-wrong-wrong' });
      const said = [known, unknown].filter(({ status }) => status === 401).map(({ text }) => bodyOf(text));
      if (new Set(said).size > 1) throw new Error('an unknown address is answered otherwise');
      return [known, unknown];
    },
  },
  {
    name: '43 an order that does not exist',
    play: (w) =>
      all(
        ...['nowhere', '../../etc/passwd', "' or 1=1 --", '%00'].map((order_id) =>
          postRefund(w, refund(w, { order_id })),
        ),
      ),
  },
  {
    name: '44 the name of another person',
    isLegalForReviewer: true,
    play: (w) =>
      all(postRefund(w, refund(w, { decided_by: 'lead@caspers.local', person: { role: 'admin' } }))),
  },
  {
    name: '45 invalid amounts',
    play: (w) =>
      all(
        ...amounts.map((amount) =>
          postRefund(w, JSON.stringify(refund(w)).replace('"amount_usd":0', `"amount_usd":${amount}`)),
        ),
      ),
  },
  {
    name: '46 more than was paid',
    play: (w) =>
      all(
        postRefund(w, refund(w, { refund_class: 'full', amount_usd: 99_999.99, currency: 'JPY' })),
        postRefund(w, refund(w, { refund_class: 'partial', amount_usd: 9_999_999.99 })),
      ),
  },
  {
    name: '47 SQL in filters and sorts',
    play: (w) =>
      all(
        ...['sort', 'status', 'location', 'search', 'assignee', 'cursor', 'brand', 'min_usd', 'source'].map(
          (name) =>
            ask(w, `/api/recommendations?${name}=${encodeURIComponent("x'; drop table refunds.cases; --")}`),
        ),
        ask(w, `/api/decisions?decided_by=${encodeURIComponent("x' or '1'='1")}`),
      ),
  },
  {
    name: '48 texts that become code elsewhere',
    play: (w) => all(ask(w, `/api/decisions/export?order_id=${encodeURIComponent('=HYPERLINK("x")')}`)),
  },
];

const bodyOf = (text: string) => text.slice(text.indexOf('\n{') + 1);
