'use client';

import { useState } from 'react';
import { useViewer } from '#app/_data/viewer.tsx';
import { Button } from '#app/_ui/button.tsx';
import { mayActAs } from '#lib/contract/person.ts';
import { ReasonDialog } from '../_case/reason-dialog.tsx';
import { useStep } from '../_case/use-step.ts';
import { rescore } from '../case-actions.ts';

/** Asks the recommender to score the order again, with a note; the earlier recommendation is kept. */
export function Rescore({ orderId }: { orderId: string }) {
  const [asking, setAsking] = useState(false);
  const [asked, setAsked] = useState(false);
  const { run, pending, failure } = useStep();
  const viewer = useViewer();
  if (!mayActAs(viewer, 'reviewer')) return null;
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button size="small" onClick={() => setAsking(true)}>
        Ask again with a note…
      </Button>
      <p role="status" className="text-12 text-ink-2 empty:hidden">
        {failure ? failure.message : asked && 'Asked. The new answer appears here in a moment.'}
      </p>
      <ReasonDialog
        title="Ask for another recommendation"
        confirmLabel="Ask again"
        open={asking}
        pending={pending}
        onClose={() => setAsking(false)}
        onConfirm={async (note) => {
          if (!(await run(() => rescore({ orderId, note })))) return;
          setAsked(true);
          setAsking(false);
        }}
      >
        <p className="text-13 text-ink-2">
          The note goes to the recommender. The answer that stands now is kept beside the new one.
        </p>
      </ReasonDialog>
    </div>
  );
}
