'use client';

import { Search } from 'lucide-react';
import { useRef } from 'react';
import { cx } from './cx.ts';
import { useShortcuts } from './shortcuts/shortcuts.tsx';

type SearchBoxProps = {
  value: string | null;
  onSearch(text: string | null): void;
  /** What it finds, which it says of itself. */
  label: string;
  /** How “/”, which leads here, stands in the list of keys. */
  shortcut: { group: string; label: string };
  maxLength: number;
  /** Whether the keys belong to the page again once Enter was pressed. */
  leaves?: boolean;
  className?: string;
};

/** Enter searches, an empty one ends the search. */
export function SearchBox(props: SearchBoxProps) {
  const { value, onSearch, label, shortcut, maxLength, leaves = false, className } = props;
  const box = useRef<HTMLInputElement>(null);
  useShortcuts([
    {
      ...shortcut,
      keys: '/',
      run: () => {
        box.current?.focus();
        box.current?.select();
      },
    },
  ]);
  return (
    <form
      className={cx('relative', className)}
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(box.current?.value.trim() || null);
        if (leaves) box.current?.blur();
      }}
    >
      <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-3" />
      <input
        ref={box}
        key={value}
        type="search"
        aria-label={label}
        placeholder={label}
        defaultValue={value ?? ''}
        maxLength={maxLength}
        autoComplete="off"
        onChange={(event) => event.target.value === '' && value !== null && onSearch(null)}
        className="h-8 w-full rounded-8 border bg-surface pr-2 pl-8 text-13 placeholder:text-ink-3"
      />
    </form>
  );
}
