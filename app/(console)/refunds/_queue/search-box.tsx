'use client';

import { Search } from 'lucide-react';
import { useRef } from 'react';
import { useShortcuts } from '#app/_ui/shortcuts/shortcuts.tsx';

type SearchBoxProps = { value: string | null; onSearch(text: string | null): void };

/** Finds orders by the beginning of their number; “/” leads here, Enter searches, an empty one ends it. */
export function SearchBox({ value, onSearch }: SearchBoxProps) {
  const box = useRef<HTMLInputElement>(null);
  useShortcuts([
    {
      keys: '/',
      group: 'Queue',
      label: 'Search for an order',
      run: () => {
        box.current?.focus();
        box.current?.select();
      },
    },
  ]);
  return (
    <form
      className="relative min-w-36 flex-1"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(box.current?.value.trim() || null);
        box.current?.blur();
      }}
    >
      <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-3" />
      <input
        ref={box}
        key={value}
        type="search"
        aria-label="Order number"
        placeholder="Order number"
        defaultValue={value ?? ''}
        maxLength={100}
        autoComplete="off"
        onChange={(event) => event.target.value === '' && value !== null && onSearch(null)}
        className="h-8 w-full rounded-8 border bg-surface pr-2 pl-8 text-13 placeholder:text-ink-3"
      />
    </form>
  );
}
