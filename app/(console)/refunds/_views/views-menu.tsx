'use client';

import { Popover } from '@base-ui/react/popover';
import { Bookmark } from 'lucide-react';
import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { buttonClass } from '#app/_ui/button.tsx';
import { Skeleton } from '#app/_ui/skeleton.tsx';
import { SaveView } from './save-view.tsx';
import { useViews } from './use-views.ts';
import { ViewList } from './view-list.tsx';
import { viewSearch } from './view-search.ts';

/** The filters that one comes back to, by name, and a place to keep those that stand now. */
export function ViewsMenu() {
  const [open, setOpen] = useState(false);
  const { views, error, pending, failure, save, remove } = useViews(open);
  const here = viewSearch(useSearchParams().toString());
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className={buttonClass()}>
        <Bookmark aria-hidden className="size-4" />
        Views
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner side="bottom" align="start" sideOffset={8} className="z-10">
          <Popover.Popup
            aria-label="Saved views"
            className="flex w-80 max-w-[calc(100vw-24px)] flex-col gap-3 rounded-8 border bg-surface p-4 outline-none"
          >
            {views ? (
              <ViewList
                views={views}
                here={here}
                pending={pending}
                onOpen={() => setOpen(false)}
                onDelete={(viewId) => void remove(viewId)}
              />
            ) : (
              !error && <Skeleton className="h-8 w-full" />
            )}
            {error && (
              <p role="alert" className="text-13 text-bad">
                {error.message}
              </p>
            )}
            <SaveView pending={pending} failure={failure} onSave={(name) => save(name, here)} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
