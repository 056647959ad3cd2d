'use client';

import { Search } from 'lucide-react';
import { useRef } from 'react';
import { cx } from '#app/_ui/cx.ts';
import { useShortcuts } from './shortcuts.tsx';

type SearchBoxProps = {
  value: string | null;
  onSearch(text: string | null): void;
  /** What it searches for. */
  label: string;
  /** How its key, “/”, is listed. */
  shortcut: { group: string; label: string };
  maxLength: number;
  /** Whether Enter leaves the field, so that the page's shortcuts work again. */
  blurOnSearch?: boolean;
  className?: string;
};

/** A search field: Enter searches, emptying it ends the search. */
export function SearchBox(props: SearchBoxProps) {
  const { value, onSearch, label, shortcut, maxLength, blurOnSearch = false, className } = props;
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
        if (blurOnSearch) box.current?.blur();
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
