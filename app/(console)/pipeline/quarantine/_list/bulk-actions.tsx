'use client';

import { useState } from 'react';
import { useAction } from '#app/_data/actions.ts';
import { Button } from '#app/_ui/button.tsx';
import { Notice } from '#app/_ui/notice.tsx';
import { ActionFailure } from '../../../_frame/action-failure.tsx';
import { whenApplied } from '../../_parts/when-applied.ts';
import { dropRule, previewReplay, replayRule } from '../quarantine-actions.ts';

type BulkActionsProps = { rule: string; records: number; isPipelineRunning: boolean };
type Step =
  | { kind: 'replay'; requested: number; rejected: number; example: string | undefined }
  | { kind: 'drop' }
  | { kind: 'done'; title: string; text: string };

/** Replays or drops all open records of a rule; what it would do is shown before. */
export function BulkActions({ rule, records, isPipelineRunning }: BulkActionsProps) {
  const { run, pending, failure } = useAction();
  const [step, setStep] = useState<Step>();

  async function preview() {
    const result = await run(() => previewReplay({ rule }));
    if (result) setStep({ kind: 'replay', ...result.value });
  }
  async function replayAll() {
    const result = await run(() => replayRule({ rule }));
    if (!result) return;
    const { requested, rejected } = result.value;
    const left = rejected > 0 ? ` ${count(rejected)} still break a rule and stay.` : '';
    const title = `Replay of ${count(requested)} requested`;
    setStep({ kind: 'done', title, text: `${whenApplied(isPipelineRunning)}${left}` });
  }
  async function dropAll() {
    const result = await run(() => dropRule({ rule }));
    if (result)
      setStep({ kind: 'done', title: `${count(result.value)} dropped`, text: 'They are kept as they came.' });
  }

  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap gap-2">
        <Button disabled={pending} onClick={() => void preview()}>
          Preview a replay of {rule}
        </Button>
        <Button disabled={pending} onClick={() => setStep({ kind: 'drop' })}>
          Drop all of {rule}
        </Button>
      </div>
      <ActionFailure failure={failure} />
      {step?.kind === 'replay' && (
        <ReplayQuestion
          preview={step}
          pending={pending}
          onConfirm={() => void replayAll()}
          onCancel={() => setStep(undefined)}
        />
      )}
      {step?.kind === 'drop' && (
        <DropQuestion
          records={records}
          pending={pending}
          onConfirm={() => void dropAll()}
          onCancel={() => setStep(undefined)}
        />
      )}
      {step?.kind === 'done' && (
        <Notice tone="good" title={step.title}>
          {step.text}
        </Notice>
      )}
    </div>
  );
}

type QuestionProps = { pending: boolean; onConfirm(): void; onCancel(): void };
type ReplayQuestionProps = QuestionProps & { preview: Extract<Step, { kind: 'replay' }> };

function ReplayQuestion({ preview, pending, onConfirm, onCancel }: ReplayQuestionProps) {
  const { requested, rejected, example } = preview;
  return (
    <Notice
      tone="info"
      title={`The rules accept ${requested.toLocaleString('en')} of ${count(requested + rejected)}`}
      actions={
        <>
          <Button variant="primary" disabled={pending || requested === 0} onClick={onConfirm}>
            Replay {count(requested)}
          </Button>
          <Button onClick={onCancel}>Cancel</Button>
        </>
      }
    >
      {example && `The others stay in quarantine, for example: ${example}`}
    </Notice>
  );
}

function DropQuestion({ records, pending, onConfirm, onCancel }: QuestionProps & { records: number }) {
  return (
    <Notice
      tone="warn"
      title={`Drop up to ${count(records)}?`}
      actions={
        <>
          <Button variant="primary" disabled={pending} onClick={onConfirm}>
            Drop them
          </Button>
          <Button onClick={onCancel}>Cancel</Button>
        </>
      }
    >
      Dropped records are kept as they came and never loaded. Records whose replay is requested are left out.
    </Notice>
  );
}

const count = (records: number) => (records === 1 ? '1 record' : `${records.toLocaleString('en')} records`);
