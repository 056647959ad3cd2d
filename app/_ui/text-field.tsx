import { type ComponentProps, useId } from 'react';
import { cx } from './cx.ts';

type TextFieldProps = Omit<ComponentProps<'input'>, 'id' | 'size'> & {
  label: string;
  hint?: string;
  error?: string;
};

export const inputClass =
  'w-full rounded-8 border border-line-strong bg-surface px-3 text-14 placeholder:text-ink-3 aria-invalid:border-bad disabled:border-line disabled:bg-sunken disabled:text-ink-3';

/** A labelled input; its error stands below it and is part of its description. */
export function TextField({ label, hint, error, className, ...rest }: TextFieldProps) {
  const id = useId();
  return (
    <div className={cx('flex flex-col gap-1', className)}>
      <label htmlFor={id} className="text-13 font-medium">
        {label}
      </label>
      <input
        id={id}
        className={cx(inputClass, 'h-9')}
        aria-invalid={error ? true : undefined}
        aria-describedby={error || hint ? `${id}-note` : undefined}
        {...rest}
      />
      <FieldNote id={`${id}-note`} hint={hint} error={error} />
    </div>
  );
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
