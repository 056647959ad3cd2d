import { FullPage } from '#app/_ui/full-page.tsx';
import { safeRedirect } from '#lib/auth/safe-redirect.ts';
import { SignInForm } from './sign-in-form.tsx';

export const metadata = { title: 'Sign in' };

type SignInPageProps = { searchParams: Promise<{ next?: string | string[] }> };

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const { next } = await searchParams;
  return (
    <FullPage title="Sign in to Refund Manager">
      <SignInForm next={safeRedirect(next)} />
      <p className="text-13 text-ink-3">
        The first accounts are printed where the console was started. Ask your administrator for one.
      </p>
    </FullPage>
  );
}
