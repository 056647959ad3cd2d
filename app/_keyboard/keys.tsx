/** The parts of a `KeyboardEvent` that identify a key. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/**
 * Whether a key event matches `keys`: a key as `KeyboardEvent.key` names it ("j", "?", "Escape"), or one with
 * "mod+" before it, which is ⌘ on a Mac and Ctrl elsewhere. The case of a letter does not matter.
 */
export function matchesKeys(press: KeyPress, keys: string): boolean {
  const withMod = keys.startsWith('mod+');
  const key = withMod ? keys.slice('mod+'.length) : keys;
  const modified = press.ctrlKey || press.metaKey;
  return press.key.toLowerCase() === key.toLowerCase() && modified === withMod && !press.altKey;
}

/** The keys as they are labelled on a keyboard: "mod+k" → "Ctrl K". */
export function formatKeys(keys: string): string {
  return keys
    .replace('mod+', 'Ctrl ')
    .replace('Escape', 'Esc')
    .replace(/\b[a-z]$/, (letter) => letter.toUpperCase());
}

/** A key, drawn as a keycap. */
export function KeyCap({ keys }: { keys: string }) {
  return (
    <kbd className="inline-grid h-5 min-w-5 place-content-center rounded-4 border bg-sunken px-1 font-sans text-12 text-ink-2">
      {formatKeys(keys)}
    </kbd>
  );
}
