/** What nothing but a page needs, so that everything else may load nothing at all. */
export const emptyPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The hash of `display:none`, in which React hides what it sends of a drawing before it puts it in place. */
const hidden = "'sha256-aqNNdDLnnrDOnTNdkJpYlAxKVJtLt9CtFLklmInuUAE='";

/**
 * The policy of one page: only scripts that carry this answer's nonce run, and what they load, and styles come
 * from files; scripts set widths and positions one by one, which is no style in an attribute. `development`
 * allows the eval and the styles of hot reload.
 */
export function pagePolicy(nonce: string, development: boolean): string {
  return [
    "default-src 'self'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    ...(development
      ? ["style-src 'self' 'unsafe-inline'"]
      : ["style-src 'self'", `style-src-attr 'unsafe-hashes' ${hidden}`]),
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
