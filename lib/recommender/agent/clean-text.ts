// Controls, zero-width and direction marks, fillers, variation selectors, tags: none of them says anything to a reader.
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

/** Text as Postgres can hold it, verbatim but for what it cannot, at most `limit` UTF-16 units. */
export function storableText(text: string, limit: number): string {
  return text.slice(0, limit).toWellFormed().replaceAll('\u0000', '\ufffd');
}
