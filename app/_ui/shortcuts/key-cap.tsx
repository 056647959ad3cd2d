import { writeKeys } from './match-keys.ts';

/** A key as a cap. */
export function KeyCap({ keys }: { keys: string }) {
  return (
    <kbd className="inline-grid h-5 min-w-5 place-content-center rounded-4 border bg-sunken px-1 font-sans text-12 text-ink-2">
      {writeKeys(keys)}
    </kbd>
  );
}
