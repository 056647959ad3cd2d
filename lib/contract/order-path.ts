/*
 * The id of an order as one segment of an address. A segment "." or ".." disappears from every address, however it is
 * encoded, so such an id gets a "~" before it, and so does one that already looks like that.
 */

const DOTS = /^~*\.{1,2}$/;
const ESCAPED = /^~+\.{1,2}$/;

/** An order id as a segment of an address. */
export function toOrderSegment(orderId: string): string {
  return encodeURIComponent(DOTS.test(orderId) ? `~${orderId}` : orderId);
}

/** The order id of a segment of an address. */
export function fromOrderSegment(segment: string): string {
  return fromDecodedSegment(decodeURIComponent(segment));
}

/** The same of a segment whose percent signs a router has already decoded. */
export function fromDecodedSegment(text: string): string {
  return ESCAPED.test(text) ? text.slice(1) : text;
}
