/** The policy of everything that is not a page: it may load nothing. */
export const emptyPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The hash of `display:none`, the inline style in which React hides streamed content until it is in place. */
const HIDDEN_STYLE = "'sha256-aqNNdDLnnrDOnTNdkJpYlAxKVJtLt9CtFLklmInuUAE='";

/**
 * The policy of one page. Only scripts with the nonce of this response run, and the scripts that they load; styles come
 * from files. Setting single style properties from a script is allowed, because no style attribute is parsed.
 * `development` allows the eval and the inline styles of hot reload.
 */
export function pagePolicy(nonce: string, development: boolean): string {
  return [
    "default-src 'self'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    ...(development
      ? ["style-src 'self' 'unsafe-inline'"]
      : ["style-src 'self'", `style-src-attr 'unsafe-hashes' ${HIDDEN_STYLE}`]),
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
