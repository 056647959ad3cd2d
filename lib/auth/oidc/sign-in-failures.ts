/** Why signing in with the provider failed, as far as the sign-in page says. */
export const signInFailures = ['unknown', 'unverified', 'cancelled', 'expired', 'failed'] as const;
export type SignInFailureCode = (typeof signInFailures)[number];

/** A disabled person, or one with another identity than before, is shown what an uninvited person is shown. */
const codeByReason: Record<string, SignInFailureCode> = {
  unknown: 'unknown',
  disabled: 'unknown',
  other_identity: 'unknown',
  signup_disabled: 'unknown',
  INVALID_EMAIL_OR_PASSWORD: 'unknown',
  unverified: 'unverified',
  account_not_linked: 'unverified',
  email_not_found: 'unverified',
  access_denied: 'cancelled',
  state_mismatch: 'expired',
  state_not_found: 'expired',
  state_invalid: 'expired',
};

/** The code for a reason of the auth library, the provider or `admitIdentity`. */
export function toSignInFailure(reason: string): SignInFailureCode {
  return (Object.hasOwn(codeByReason, reason) ? codeByReason[reason] : undefined) ?? 'failed';
}
