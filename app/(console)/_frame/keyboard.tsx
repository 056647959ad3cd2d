'use client';

import { type ReactNode, useState } from 'react';
import { CommandPalette } from '#app/_keyboard/command-palette.tsx';
import { ShortcutList } from '#app/_keyboard/shortcut-list.tsx';
import { ShortcutsProvider, useActiveShortcuts, useShortcuts } from '#app/_keyboard/shortcuts.tsx';
import { OpenOrderProvider, useOpenOrder } from './open-order.tsx';

/** Lets everything inside register keyboard shortcuts, listed on “?” and in the palette on Ctrl K. */
export function Keyboard({ children }: { children: ReactNode }) {
  return (
    <ShortcutsProvider>
      <OpenOrderProvider>
        {children}
        <Overlays />
      </OpenOrderProvider>
    </ShortcutsProvider>
  );
}

function Overlays() {
  const [shown, setShown] = useState<'keys' | 'palette' | null>(null);
  const shortcuts = useActiveShortcuts();
  const open = useOpenOrder();
  const hide = () => setShown(null);
  useShortcuts([
    { keys: '?', group: 'Everywhere', label: 'Show the keys', run: () => setShown('keys') },
    { keys: 'mod+k', group: 'Everywhere', label: 'Find a command', run: () => setShown('palette') },
  ]);
  const openOrder = (text: string) =>
    /^[\w-]{4,}$/.test(text) ? { label: `Open order ${text}`, run: () => open(text) } : undefined;
  return (
    <>
      <ShortcutList shortcuts={shortcuts} open={shown === 'keys'} onClose={hide} />
      <CommandPalette commands={shortcuts} onText={openOrder} open={shown === 'palette'} onClose={hide} />
    </>
  );
}
