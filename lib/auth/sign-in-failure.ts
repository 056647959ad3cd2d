/** Why somebody is back on the sign-in page, as far as they are told. */
export const signInFailures = ['unknown', 'unverified', 'cancelled', 'expired', 'failed'] as const;
export type SignInFailureCode = (typeof signInFailures)[number];

/** Who is disabled, or comes as another than before, is told no more than who was never invited. */
const known: Record<string, SignInFailureCode> = {
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

/** What a person is told of the reason of the auth library, the provider or our gate. */
export function signInFailureOf(reason: string): SignInFailureCode {
  return (Object.hasOwn(known, reason) ? known[reason] : undefined) ?? 'failed';
}
