import { type ComponentProps, type ReactNode, useId } from 'react';
import { cx } from './cx.ts';

type Labelled = { label: string; hint?: string; error?: string };

const inputClass =
  'w-full rounded-8 border border-line-strong bg-surface px-3 text-14 placeholder:text-ink-3 aria-invalid:border-bad disabled:border-line disabled:bg-sunken disabled:text-ink-3';

/** A labelled line of text; its error stands below it and is part of its description. */
export function TextField({ className, ...rest }: Labelled & Omit<ComponentProps<'input'>, 'id'>) {
  const { id, wrap, input } = useLabelled(rest);
  return wrap(<input id={id} {...input} className={cx(inputClass, 'h-9', className)} />);
}

/** A labelled text of several lines, like `TextField`. */
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
