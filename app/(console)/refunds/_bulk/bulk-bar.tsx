'use client';

import { useState } from 'react';
import { Button } from '#app/_ui/button.tsx';
import { BulkDialog } from './bulk-dialog.tsx';
import { MAX_SELECTED, type Selection } from './use-selection.ts';

/** What can be done with the selected orders together. */
export function BulkBar({ selected, clear }: Pick<Selection, 'selected' | 'clear'>) {
  const [choice, setChoice] = useState<'accept' | 'deny' | null>(null);
  if (selected.size === 0) return null;
  return (
    <section
      aria-label="Selected orders"
      className="flex min-h-10 flex-wrap items-center gap-2 rounded-8 bg-accent-soft px-3 py-1"
    >
      <p role="status" className="numeric text-13 font-medium">
        {selected.size} selected{selected.size === MAX_SELECTED && ', which is the most at once'}
      </p>
      <Button size="small" variant="primary" onClick={() => setChoice('accept')}>
        As suggested…
      </Button>
      <Button size="small" onClick={() => setChoice('deny')}>
        No refund…
      </Button>
      <Button size="small" variant="quiet" onClick={clear}>
        Clear
      </Button>
      {choice && (
        <BulkDialog
          choice={choice}
          orders={[...selected.values()]}
          onClose={() => setChoice(null)}
          onDone={() => {
            setChoice(null);
            clear();
          }}
        />
      )}
    </section>
  );
}
