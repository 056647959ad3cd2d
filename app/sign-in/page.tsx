import { CenteredPage } from '#app/_ui/centered-page.tsx';
import { safeRedirect } from '#lib/auth/index.ts';
import { getSingleSignOn } from '#lib/auth/oidc/index.ts';
import { SignInFailureNotice } from './sign-in-failure-notice.tsx';
import { SignInForm } from './sign-in-form.tsx';
import { SingleSignOnButton } from './single-sign-on-button.tsx';

export const metadata = { title: 'Sign in' };

type Search = Partial<Record<'next' | 'failed' | 'request', string | string[]>>;
type SignInPageProps = { searchParams: Promise<Search> };

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const { next: wanted, failed, request } = await searchParams;
  const next = safeRedirect(wanted);
  const provider = getSingleSignOn();
  return (
    <CenteredPage title="Sign in to Refund Manager">
      {provider && <SignInFailureNotice failed={failed} request={request} name={provider.name} />}
      <SignInForm next={next} />
      {provider && <SingleSignOnButton name={provider.name} next={next} />}
      <p className="text-13 text-ink-3">
        The first accounts are printed where the console was started. Ask your administrator for one.
      </p>
    </CenteredPage>
  );
}
