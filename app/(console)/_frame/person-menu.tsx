'use client';

import { Menu } from '@base-ui/react/menu';
import { LogOut } from 'lucide-react';
import { useState } from 'react';
import { removeDrafts } from '#app/_data/kept-drafts.ts';
import { paths } from '#app/paths.ts';
import type { Theme } from '#app/theme.ts';
import { ThemeChoice } from './theme-choice.tsx';

type PersonMenuProps = { name: string; email: string; role: string; theme: Theme };

/** Who is signed in, their theme, and signing out. */
export function PersonMenu({ name, email, role, theme }: PersonMenuProps) {
  const [failed, setFailed] = useState(false);
  return (
    <Menu.Root>
      <Menu.Trigger className="flex max-w-full items-center gap-2 rounded-8 p-1 text-left hover:bg-sunken md:w-full md:flex-col md:gap-1 md:text-center">
        <Initials name={name} />
        <span className="flex min-w-0 flex-col md:w-full">
          <span className="truncate text-12 font-medium">{name.split(' ')[0]}</span>
          <span className="truncate text-12 text-ink-3 capitalize">{role}</span>
          <span className="sr-only">account and theme</span>
        </span>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner side="right" align="end" sideOffset={8} className="z-10">
          <Menu.Popup className="w-60 rounded-8 border bg-surface p-1 text-13 outline-none">
            <div className="flex flex-col px-3 py-2">
              <span className="font-semibold">{name}</span>
              <span className="truncate text-12 text-ink-3">{email}</span>
              <span className="text-12 text-ink-3 capitalize">{role}</span>
            </div>
            <ThemeChoice initial={theme} />
            <Menu.Separator className="my-1 h-px bg-line" />
            <Menu.Item
              closeOnClick={false}
              onClick={async () => setFailed(!(await signOut(email)))}
              className="flex h-8 cursor-default items-center gap-2 rounded-4 px-3 outline-none data-highlighted:bg-sunken"
            >
              <LogOut aria-hidden className="size-4 text-ink-3" />
              Sign out
            </Menu.Item>
            {failed && (
              <p role="alert" className="px-3 py-2 text-12 text-bad">
                You are still signed in: the console cannot be reached. Try again.
              </p>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function Initials({ name }: { name: string }) {
  const letters = name.split(/\s+/).map((word) => word.charAt(0).toUpperCase());
  return (
    <span
      aria-hidden
      className="grid size-8 shrink-0 place-items-center rounded-full bg-accent-soft text-12 font-semibold text-accent"
    >
      {letters.slice(0, 2).join('')}
    </span>
  );
}

/**
 * Ends the session, removes the person's drafts from this browser, and goes to the sign-in page.
 * @returns false if the console did not answer.
 */
async function signOut(email: string): Promise<boolean> {
  const response = await fetch('/api/auth/sign-out', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  }).catch(() => undefined);
  if (!response?.ok) return false;
  removeDrafts(email);
  window.location.assign(paths.signIn());
  return true;
}
