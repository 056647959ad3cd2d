import Link from 'next/link';
import type { ReactNode } from 'react';
import { cx } from '#app/_ui/cx.ts';
import { paths } from '#app/paths.ts';

const pages = [
  { key: 'mine', label: 'Yours', href: paths.settings() },
  { key: 'people', label: 'People', href: paths.people() },
] as const;

type SettingsFrameProps = { current: (typeof pages)[number]['key']; isAdmin: boolean; children: ReactNode };

/** The heading of the settings and the links between their pages. */
export function SettingsFrame({ current, isAdmin, children }: SettingsFrameProps) {
  return (
    <section aria-labelledby="settings-title" className="mx-auto flex max-w-240 flex-col gap-3 p-3 xl:p-4">
      <div className="flex flex-wrap items-center gap-4">
        <h1 id="settings-title" className="text-20 font-semibold tracking-tight">
          Settings
        </h1>
        {isAdmin && (
          <nav aria-label="Settings" className="flex gap-1">
            {pages.map(({ key, label, href }) => (
              <Link
                key={key}
                href={href}
                aria-current={key === current ? 'page' : undefined}
                className={cx(
                  'rounded-8 px-3 py-1.5 text-13 font-medium',
                  key === current ? 'bg-accent-soft text-accent' : 'text-ink-2 hover:bg-sunken',
                )}
              >
                {label}
              </Link>
            ))}
          </nav>
        )}
      </div>
      {children}
    </section>
  );
}
