const TIMING =
  /\b(?:late|later|delay\w*|minutes?|mins?|hours?|seconds?|on time|in time|timing|timely|faster|slower|longer|sooner|quick\w*|took|delivered|delivery|percentile|p\d\d|overdue|promised|punctual)\b|\d\s*(?:min|h|s)\b/i;
const OTHER =
  /\b(?:quality|taste[ds]?|cold|hot|fresh\w*|missing|wrong item|incorrect|damaged|spilled|rude|driver'?s? (?:behavio|attitude)|apolog\w*|sorry|goodwill|loyal\w*|complain\w*|satisf\w*|inconvenience|hygiene|allerg\w*|portion|packag\w*|customer'?s? (?:history|status)|expensive|cheap)\b/i;

/** The guideline for reasons: a refund is explained by timing and by nothing else. An order without a refund may say anything. */
export function speaksOfTiming(reason: string, refundCents: number): boolean {
  return refundCents === 0 || (TIMING.test(reason) && !OTHER.test(reason));
}
