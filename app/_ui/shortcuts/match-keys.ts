/** What a pressed key is told apart by; a `KeyboardEvent` is one. */
export type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/**
 * Whether a press is that of `keys`: a key as `KeyboardEvent.key` names it ("j", "?", "Escape"), or one with
 * "mod+" before it, which is ⌘ on a Mac and Ctrl elsewhere. Letters count whatever their case.
 */
export function matchesKeys(press: Press, keys: string): boolean {
  const withMod = keys.startsWith('mod+');
  const key = withMod ? keys.slice('mod+'.length) : keys;
  const modified = press.ctrlKey || press.metaKey;
  return press.key.toLowerCase() === key.toLowerCase() && modified === withMod && !press.altKey;
}

/** The keys as they are written on a keyboard: "mod+k" → "Ctrl K". */
export function writeKeys(keys: string): string {
  return keys
    .replace('mod+', 'Ctrl ')
    .replace('Escape', 'Esc')
    .replace(/\b[a-z]$/, (letter) => letter.toUpperCase());
}
