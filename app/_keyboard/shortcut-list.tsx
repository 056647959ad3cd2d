'use client';

import { Dialog } from '#app/_ui/dialog.tsx';
import { KeyCap } from './keys.tsx';
import type { Shortcut } from './shortcuts.tsx';

type ShortcutListProps = { shortcuts: readonly Shortcut[]; open: boolean; onClose(): void };

/** The shortcuts of this screen, by group. */
export function ShortcutList({ shortcuts, open, onClose }: ShortcutListProps) {
  const groups = Map.groupBy(shortcuts, ({ group }) => group);
  return (
    <Dialog title="Keys" open={open} onClose={onClose}>
      <div className="flex flex-col gap-4 overflow-y-auto p-4">
        {[...groups].map(([group, members]) => (
          <section key={group} aria-label={group} className="flex flex-col gap-1">
            <h3 className="text-12 text-ink-3">{group}</h3>
            <dl className="flex flex-col gap-1">
              {members.map(({ keys, label }) => (
                <div key={keys} className="flex items-center justify-between gap-4">
                  <dt className="order-2">
                    <KeyCap keys={keys} />
                  </dt>
                  <dd className="text-13">{label}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <p className="text-12 text-ink-3">No key does anything while you type.</p>
      </div>
    </Dialog>
  );
}
