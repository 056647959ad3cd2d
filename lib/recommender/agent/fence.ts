import { cleanText } from './clean-text.ts';

const OPEN = '⟦';
const CLOSE = '⟧';
const LONGEST = 80;
/** A colleague's note may say more than the name of a dish. */
export const LONGEST_NOTE = 400;
const REMOVED = '[removed]';

const EMAIL = /[^\s@⟦⟧]+@[^\s@⟦⟧]+\.[^\s@⟦⟧]+/gu;
const COORDINATES = /-?\d{1,3}\.\d{3,}\s*[,;/ ]\s*-?\d{1,3}\.\d{3,}/g;
const PHONE = /\+?\d[\d\s().-]{6,}\d/g;

/**
 * Text that others wrote as a model gets to see it: one short line between ⟦ and ⟧, which the text itself cannot hold,
 * without links, addresses of mail, telephone numbers and coordinates.
 */
export function fence(text: string, longest = LONGEST): string {
  const inert = cleanText(text.normalize('NFKC').replaceAll(OPEN, '(').replaceAll(CLOSE, ')'), 4 * longest)
    .replace(EMAIL, REMOVED)
    .replace(COORDINATES, REMOVED)
    .replace(PHONE, REMOVED);
  return `${OPEN}${cleanText(inert, longest)}${CLOSE}`;
}

/** What stands for a key in a prompt that is no plain word, and may therefore be a sentence. */
export const STAND_IN = 'this';

/** A key as a prompt may hold it: itself where it is a plain word, else a stand-in that the tools know. */
export function plainKey(key: string): string {
  return /^[\w.:-]{1,64}$/.test(key) ? key : STAND_IN;
}
