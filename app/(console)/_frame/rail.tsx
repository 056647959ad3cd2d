'use client';

import { History, type LucideIcon, ReceiptText, Settings, Workflow } from 'lucide-react';
import type { Route } from 'next';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { cx } from '#app/_ui/cx.ts';
import { Logo } from '#app/_ui/logo.tsx';
import { paths } from '#app/paths.ts';
import type { Theme } from '#app/theme.ts';
import { mayActAs, type Role } from '#lib/contract/person.ts';
import { PersonMenu } from './person-menu.tsx';

const destinations: { href: Route; label: string; icon: LucideIcon; needs?: Role }[] = [
  { href: paths.refunds(), label: 'Refunds', icon: ReceiptText },
  { href: paths.decisions(), label: 'Decisions', icon: History },
  { href: paths.quarantine(), label: 'Pipeline', icon: Workflow, needs: 'engineer' },
  { href: paths.settings(), label: 'Settings', icon: Settings },
];

type RailProps = { name: string; email: string; role: Role; theme: Theme };

export function Rail(person: RailProps) {
  const pathname = usePathname();
  const shown = destinations.filter(({ needs }) => !needs || mayActAs(person, needs));
  return (
    <header className="sticky top-0 print:hidden z-5 flex h-14 items-center gap-2 border-b bg-surface px-3 md:h-dvh md:flex-col md:border-r md:border-b-0 md:px-1 md:py-3">
      <Link href={paths.refunds()} aria-label="Refund Manager" className="rounded-8 p-1">
        <Logo className="size-8" />
      </Link>
      <nav aria-label="Main" className="flex flex-1 gap-1 md:mt-2 md:w-full md:flex-col">
        {shown.map(({ href, label, icon: Icon }) => {
          const isCurrent = areaOf(pathname) === areaOf(href);
          return (
            <Link
              key={href}
              href={href}
              aria-current={isCurrent ? 'page' : undefined}
              className={cx(
                'flex items-center gap-2 rounded-8 px-3 py-2 text-12 font-medium md:flex-col md:gap-1 md:px-1',
                isCurrent ? 'bg-accent-soft text-accent' : 'text-ink-2 hover:bg-sunken hover:text-ink',
              )}
            >
              <Icon aria-hidden className="size-5" />
              <span className="max-sm:sr-only">{label}</span>
            </Link>
          );
        })}
      </nav>
      <PersonMenu {...person} />
    </header>
  );
}

/** The part of the console that a path belongs to: its first segment. */
const areaOf = (path: string) => path.split('/')[1];
