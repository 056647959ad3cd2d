import type { ComponentProps } from 'react';
import { cx } from './cx.ts';

export type ButtonVariant = 'primary' | 'secondary' | 'quiet';
export type ButtonSize = 'small' | 'medium' | 'large';

const variants: Record<ButtonVariant, string> = {
  primary:
    'border-transparent bg-accent text-accent-ink not-aria-disabled:hover:bg-accent-hover not-disabled:hover:bg-accent-hover',
  secondary: 'border-line bg-surface text-ink not-disabled:hover:bg-sunken',
  quiet:
    'border-transparent bg-transparent text-ink-2 not-disabled:hover:bg-sunken not-disabled:hover:text-ink',
};
const sizes: Record<ButtonSize, string> = {
  small: 'h-7 px-2 text-12',
  medium: 'h-8 px-3 text-13',
  large: 'h-10 px-4 text-14',
};

/** The classes of a button, for links that are styled as one. */
export function buttonClass(variant: ButtonVariant = 'secondary', size: ButtonSize = 'medium'): string {
  return cx(
    'inline-flex items-center justify-center gap-2 rounded-8 border font-medium whitespace-nowrap select-none',
    'transition-colors duration-100 disabled:cursor-not-allowed disabled:border-line disabled:bg-sunken disabled:text-ink-3',
    variants[variant],
    sizes[size],
  );
}

type ButtonProps = ComponentProps<'button'> & { variant?: ButtonVariant; size?: ButtonSize };

export function Button({ variant, size, className, type = 'button', ...rest }: ButtonProps) {
  return <button type={type} className={cx(buttonClass(variant, size), className)} {...rest} />;
}
