import { z } from 'zod';

const claimsSchema = z.object({ iss: z.string(), sub: z.string().min(1).max(255) });

/**
 * Who an identity that has been verified is of: the issuer and its lasting name for the person. Two issuers may
 * give two people one name.
 * @throws Error where there is no identity, or another issuer's.
 */
export function oidcSubject(idToken: string | undefined, issuer: string): string {
  if (!idToken) throw new Error('the provider sent no identity');
  const [, payload = ''] = idToken.split('.');
  const { iss, sub } = claimsSchema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
  if (iss !== issuer) throw new Error(`the identity is of ${iss}`);
  return `${issuer} ${sub}`;
}
