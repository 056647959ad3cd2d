import { expect, test } from 'vitest';
import { openTestProvider } from '#lib/auth/oidc/provider.testing.ts';
import { parseEnvironment } from '#lib/env.ts';
import { checkSignIn } from './check-sign-in.ts';

const publicUrl = 'https://refunds.example.com';
const check = (given: Record<string, string>) => checkSignIn(parseEnvironment(given));

test('the doctor asks a provider that is configured, and says what is wrong with it', async () => {
  expect(await check({})).toMatchObject({ level: 'ok', detail: 'By e-mail and password.' });
  expect(await check({ OIDC_ISSUER: 'https://id.example.com' })).toMatchObject({
    level: 'fail',
    detail: expect.stringContaining('go together'),
  });
  const { settings, close } = await openTestProvider(publicUrl);
  const { issuer, clientId, clientSecret } = settings;
  const whole = {
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: clientId,
    OIDC_CLIENT_SECRET: clientSecret,
    OIDC_NAME: 'Example Inc',
    PUBLIC_URL: publicUrl,
  };
  expect(await check(whole)).toMatchObject({
    level: 'ok',
    detail: expect.stringMatching(/Example Inc .*https:\/\/refunds\.example\.com\/api\/auth\/callback\/oidc/),
  });
  expect(await check({ ...whole, OIDC_ISSUER: `${issuer}/` })).toMatchObject({
    level: 'fail',
    detail: expect.stringContaining(`calls itself ${issuer}`),
  });
  await close();
  expect(await check(whole)).toMatchObject({
    level: 'fail',
    detail: expect.stringContaining('cannot be read'),
  });
});
