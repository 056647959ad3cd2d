// Controls, zero-width and direction marks, fillers, variation selectors, tags: characters that a reader cannot see.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}]|\p{Default_Ignorable_Code_Point}/gu;
const LINK =
  /!?\[([^\]]*)\]\([^)]*\)|\b(?:https?|ftp|data|javascript|file):[^\s)"'<>]+|\bwww\.[^\s)"'<>]+/giu;

/**
 * Text from outside made safe to show: one line of visible characters without links, at most `limit` characters.
 * Markup in it stays as the characters that it is written with.
 */
export function cleanText(text: string, limit: number): string {
  const visible = text
    .toWellFormed()
    .replace(/[\s\u2028\u2029]+/gu, ' ')
    .replace(INVISIBLE, '')
    .replace(LINK, '[link removed]')
    .replace(/ {2,}/g, ' ')
    .trim();
  const characters = [...visible];
  return characters.length <= limit
    ? visible
    : `${characters
        .slice(0, limit - 1)
        .join('')
        .trimEnd()}…`;
}

/** Text as Postgres can store it, verbatim except for what it cannot hold, at most `limit` UTF-16 units. */
export function storableText(text: string, limit: number): string {
  return text.slice(0, limit).toWellFormed().replaceAll('\u0000', '\ufffd');
}

const OPEN = '⟦';
const CLOSE = '⟧';
const MAX_FENCED = 80;
/** A colleague's note may be longer than the name of a dish. */
export const MAX_NOTE = 400;
const REMOVED = '[removed]';

const EMAIL = /[^\s@⟦⟧]+@[^\s@⟦⟧]+\.[^\s@⟦⟧]+/gu;
const COORDINATES = /-?\d{1,3}\.\d{3,}\s*[,;/ ]\s*-?\d{1,3}\.\d{3,}/g;
const PHONE = /\+?\d[\d\s().-]{6,}\d/g;

/**
 * Text that others wrote, as it is put into a prompt: one short line between ⟦ and ⟧, which the text itself cannot
 * contain, without links, e-mail addresses, telephone numbers and coordinates.
 */
export function fence(text: string, maxLength = MAX_FENCED): string {
  const inert = cleanText(text.normalize('NFKC').replaceAll(OPEN, '(').replaceAll(CLOSE, ')'), 4 * maxLength)
    .replace(EMAIL, REMOVED)
    .replace(COORDINATES, REMOVED)
    .replace(PHONE, REMOVED);
  return `${OPEN}${cleanText(inert, maxLength)}${CLOSE}`;
}

/** Replaces a key in a prompt that is not a plain word, and may therefore be a sentence. */
export const PLACEHOLDER = 'this';

/** A key as a prompt may contain it: itself where it is a plain word, else a placeholder that the tools accept. */
export function plainKey(key: string): string {
  return /^[\w.:-]{1,64}$/.test(key) ? key : PLACEHOLDER;
}
