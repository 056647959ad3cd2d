'use client';

import { useState } from 'react';
import { useAction } from '#app/_data/actions.ts';
import { Button } from '#app/_ui/button.tsx';
import { TextArea } from '#app/_ui/form-controls.tsx';
import { Notice } from '#app/_ui/notice.tsx';
import type { CheckedText, ReplayRequest } from '#lib/pipeline/requests/screens.ts';
import { ActionFailure } from '../../../../_frame/action-failure.tsx';
import { whenApplied } from '../../../_parts/when-applied.ts';
import { check, drop, replay } from '../../quarantine-actions.ts';

type RecordEditorProps = { id: number; text: string; isPipelineRunning: boolean };

/** Mends a record: the pipeline's own parser checks the text, and only a text that it accepts can be replayed. */
export function RecordEditor({ id, text: initial, isPipelineRunning }: RecordEditorProps) {
  const { run, pending, failure } = useAction();
  const [text, setText] = useState(initial);
  const [checked, setChecked] = useState<{ text: string; result: CheckedText }>();
  const [rejected, setRejected] = useState<ReplayRequest['rejected']>([]);
  const [isDropping, setIsDropping] = useState(false);
  const result = checked?.text === text ? checked.result : undefined;

  async function checkNow() {
    const answer = await run(() => check({ text }));
    if (answer) setChecked({ text, result: answer.value });
  }
  async function replayNow() {
    const answer = await run(() => replay(text === initial ? { id } : { id, text }));
    if (answer) setRejected(answer.value.rejected);
  }

  return (
    <div className="flex flex-col gap-3">
      <TextArea
        label="Record"
        hint="Correct the text, then check it. What came is kept beside the correction."
        rows={Math.min(24, Math.max(8, initial.split('\n').length + 1))}
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="font-mono text-12"
      />
      <Buttons
        pending={pending}
        isAccepted={result?.accepted ?? false}
        onCheck={() => void checkNow()}
        onReplay={() => void replayNow()}
        onDrop={() => setIsDropping(true)}
      />
      <ActionFailure failure={failure} />
      {rejected.map(({ rule, reason }) => (
        <Notice key={rule} tone="bad" title={`Again in quarantine: ${rule}`}>
          {reason}
        </Notice>
      ))}
      {isDropping && (
        <DropQuestion
          pending={pending}
          onConfirm={() => void run(() => drop({ id }))}
          onCancel={() => setIsDropping(false)}
        />
      )}
      {result && <CheckResult result={result} isPipelineRunning={isPipelineRunning} />}
    </div>
  );
}

function CheckResult({ result, isPipelineRunning }: { result: CheckedText; isPipelineRunning: boolean }) {
  if (!result.accepted)
    return (
      <Notice tone="bad" title={`It still breaks ${result.rule}`}>
        {result.reason}
      </Notice>
    );
  return (
    <Notice tone="good" title="The rules accept it">
      <ul>
        {result.events.map((event) => (
          <li key={event.eventId} className="break-all">
            {event.type} of order {event.orderId} at {event.ts} (event {event.eventId})
          </li>
        ))}
      </ul>
      <p>
        A replay loads it once; an event that is stored already adds nothing. {whenApplied(isPipelineRunning)}
      </p>
    </Notice>
  );
}

type ButtonsProps = {
  pending: boolean;
  isAccepted: boolean;
  onCheck(): void;
  onReplay(): void;
  onDrop(): void;
};

function Buttons({ pending, isAccepted, onCheck, onReplay, onDrop }: ButtonsProps) {
  return (
    <div className="flex flex-wrap gap-2">
      <Button variant={isAccepted ? 'secondary' : 'primary'} disabled={pending} onClick={onCheck}>
        Check
      </Button>
      <Button
        variant={isAccepted ? 'primary' : 'secondary'}
        disabled={pending || !isAccepted}
        title={isAccepted ? undefined : 'Check the text first: only what the rules accept is replayed.'}
        onClick={onReplay}
      >
        Replay
      </Button>
      <Button variant="quiet" disabled={pending} onClick={onDrop}>
        Drop
      </Button>
    </div>
  );
}

type DropQuestionProps = { pending: boolean; onConfirm(): void; onCancel(): void };

function DropQuestion({ pending, onConfirm, onCancel }: DropQuestionProps) {
  return (
    <Notice
      tone="warn"
      title="Drop this record?"
      actions={
        <>
          <Button variant="primary" disabled={pending} onClick={onConfirm}>
            Drop it
          </Button>
          <Button onClick={onCancel}>Cancel</Button>
        </>
      }
    >
      It is kept as it came and never loaded.
    </Notice>
  );
}
