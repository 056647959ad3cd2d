import { Notice } from '#app/_ui/notice.tsx';
import { type SignInFailureCode, signInFailures } from '#lib/auth/oidc/index.ts';

type SignInFailureNoticeProps = { failed: unknown; request: unknown; name: string };

const texts: Record<SignInFailureCode, (name: string) => { title: string; advice: string }> = {
  unknown: (name) => ({
    title: 'Nobody here has this account',
    advice: `${name} knows you, this console does not. Ask your administrator for an invitation to the same address.`,
  }),
  unverified: (name) => ({
    title: 'Your address is not verified',
    advice: `Confirm your e-mail address at ${name}, then try again.`,
  }),
  cancelled: () => ({ title: 'You were not signed in', advice: 'Try again whenever you like.' }),
  expired: () => ({ title: 'That took too long', advice: 'The sign-in is no longer valid. Start it again.' }),
  failed: (name) => ({
    title: 'Signing in failed',
    advice: `What ${name} answered does not hold. Try again; if it stays, tell your administrator the request.`,
  }),
};

/** Why signing in with the provider failed. Shows nothing for a code that the console does not send. */
export function SignInFailureNotice({ failed, request, name }: SignInFailureNoticeProps) {
  const code = signInFailures.find((known) => known === failed);
  if (!code) return null;
  const { title, advice } = texts[code](name);
  const requestId = typeof request === 'string' && /^[0-9a-f-]{36}$/.test(request) ? request : undefined;
  return (
    <Notice tone={code === 'cancelled' ? 'info' : 'bad'} title={title} requestId={requestId}>
      {advice}
    </Notice>
  );
}
