import { FullPage } from '#app/_ui/full-page.tsx';
import { safeRedirect } from '#lib/auth/index.ts';
import { getSingleSignOn } from '#lib/auth/oidc/index.ts';
import { BackNotice } from './back-notice.tsx';
import { OtherSignInButton } from './other-sign-in-button.tsx';
import { SignInForm } from './sign-in-form.tsx';

export const metadata = { title: 'Sign in' };

type Search = Partial<Record<'next' | 'failed' | 'request', string | string[]>>;
type SignInPageProps = { searchParams: Promise<Search> };

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const { next: wanted, failed, request } = await searchParams;
  const next = safeRedirect(wanted);
  const other = getSingleSignOn();
  return (
    <FullPage title="Sign in to Refund Manager">
      {other && <BackNotice failed={failed} request={request} name={other.name} />}
      <SignInForm next={next} />
      {other && <OtherSignInButton name={other.name} next={next} />}
      <p className="text-13 text-ink-3">
        The first accounts are printed where the console was started. Ask your administrator for one.
      </p>
    </FullPage>
  );
}
