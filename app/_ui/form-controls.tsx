import { ChevronDown } from 'lucide-react';
import { type ComponentProps, type ReactNode, useId } from 'react';
import { cx } from './cx.ts';

type Labelled = { label: string; hint?: string; error?: string };

const inputClass =
  'w-full rounded-8 border border-line-strong bg-surface px-3 text-14 placeholder:text-ink-3 aria-invalid:border-bad disabled:border-line disabled:bg-sunken disabled:text-ink-3';

/** A labelled text input; its error is shown below it and is part of its description. */
export function TextField({ className, ...rest }: Labelled & Omit<ComponentProps<'input'>, 'id'>) {
  const { id, wrap, input } = useLabelled(rest);
  return wrap(<input id={id} {...input} className={cx(inputClass, 'h-9', className)} />);
}

/** `TextField` with several lines. */
export function TextArea({ className, ...rest }: Labelled & Omit<ComponentProps<'textarea'>, 'id'>) {
  const { id, wrap, input } = useLabelled(rest);
  return wrap(<textarea id={id} {...input} className={cx(inputClass, 'resize-y py-2', className)} />);
}

function useLabelled<Rest extends object>({ label, hint, error, ...rest }: Labelled & Rest) {
  const id = useId();
  const described = error || hint ? `${id}-note` : undefined;
  const input = { ...rest, 'aria-invalid': error ? true : undefined, 'aria-describedby': described };
  const wrap = (control: ReactNode) => (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-13 font-medium">
        {label}
      </label>
      {control}
      <FieldNote id={`${id}-note`} hint={hint} error={error} />
    </div>
  );
  return { id, input, wrap };
}

/** The line below an input: its error where there is one, its hint otherwise. */
export function FieldNote({ id, hint, error }: { id: string; hint?: string; error?: string }) {
  if (!error && !hint) return null;
  return (
    <p id={id} className={cx('text-12', error ? 'font-medium text-bad' : 'text-ink-3')}>
      {error ?? hint}
    </p>
  );
}

type SelectProps = {
  label: string;
  value: string;
  options: { value: string; label: string }[];
  onChange(value: string): void;
  className?: string;
};

/** A labelled native select, so that keys and touch work as people expect. */
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

type SegmentedControlProps<Value extends string> = {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange(value: Value): void;
};

/** A choice among a few options that are all visible. */
export function SegmentedControl<Value extends string>({
  label,
  value,
  options,
  onChange,
}: SegmentedControlProps<Value>) {
  return (
    <fieldset className="inline-flex h-8 rounded-8 border bg-sunken p-0.5">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
          className={cx(
            'rounded-4 px-3 text-13 font-medium transition-colors duration-100',
            option.value === value ? 'bg-surface text-ink ring-1 ring-line' : 'text-ink-2 hover:text-ink',
          )}
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}
