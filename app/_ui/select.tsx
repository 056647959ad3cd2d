import { ChevronDown } from 'lucide-react';
import { cx } from './cx.ts';

type SelectProps = {
  label: string;
  value: string;
  options: { value: string; label: string }[];
  onChange(value: string): void;
  className?: string;
};

/** A labelled choice of one; the platform's own list, so that keys and touch work as people expect. */
export function Select({ label, value, options, onChange, className }: SelectProps) {
  return (
    <label className={cx('relative inline-flex items-center', className)}>
      <span className="sr-only">{label}</span>
      <select
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="h-8 w-full appearance-none truncate rounded-8 border bg-surface pr-7 pl-3 text-13 hover:bg-sunken"
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} className="bg-surface text-ink">
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown aria-hidden className="pointer-events-none absolute right-2 size-4 text-ink-3" />
    </label>
  );
}
