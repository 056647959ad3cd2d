import Link from 'next/link';
import { notFound } from 'next/navigation';
import { Notice } from '#app/_ui/notice.tsx';
import { TimeAgo } from '#app/_ui/relative-time.tsx';
import { paths } from '#app/paths.ts';
import { requirePage } from '#lib/auth/index.ts';
import { MAX_MENDED_CHARACTERS } from '#lib/contract/quarantine.ts';
import { NotFoundError } from '#lib/errors.ts';
import { readQuarantinedRecord, rules } from '#lib/pipeline/requests/screens.ts';
import { readOrExplain } from '../../_parts/read-or-explain.ts';
import { whenApplied } from '../../_parts/when-applied.ts';
import { StateBadge } from '../_list/quarantine-table.tsx';
import { RecordEditor } from './_record/record-editor.tsx';

export const metadata = { title: 'Quarantined record' };

type Record = Awaited<ReturnType<typeof readQuarantinedRecord>>;

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const id = Number((await params).id);
  if (!Number.isInteger(id) || id < 1 || id > 2_147_483_647) notFound();
  const context = await requirePage('engineer', paths.quarantinedRecord(id));
  const record = await readOrExplain(read(context, id));
  return (
    <section aria-labelledby="record-title" className="mx-auto flex max-w-240 flex-col gap-3 p-3 xl:p-4">
      <Link href={paths.quarantine()} className="self-start text-13 text-accent underline">
        Quarantine
      </Link>
      <div className="flex flex-wrap items-center gap-3">
        <h1 id="record-title" className="text-20 font-semibold tracking-tight">
          Record {id}
        </h1>
        {typeof record !== 'string' && <StateBadge state={record.state} />}
      </div>
      {typeof record === 'string' ? (
        <Notice tone="bad" title="The record cannot be read">
          {record}
        </Notice>
      ) : (
        <Content record={record} />
      )}
    </section>
  );
}

/** @throws what Next shows as its page of things that do not exist. */
async function read(context: Parameters<typeof readQuarantinedRecord>[0], id: number): Promise<Record> {
  return readQuarantinedRecord(context, id).catch((error: unknown) => {
    if (error instanceof NotFoundError) notFound();
    throw error;
  });
}

function Content({ record }: { record: Record }) {
  const { raw, replacement, isPipelineRunning, state } = record;
  const current = replacement ?? raw;
  const isEditable = record.encoding === 'text' && current.length <= MAX_MENDED_CHARACTERS;
  return (
    <>
      <Facts record={record} />
      {state === 'requested' && (
        <Notice tone="info" title="A replay is requested">
          {whenApplied(isPipelineRunning)}
        </Notice>
      )}
      {state === 'open' && isEditable && (
        <RecordEditor
          key={`${record.reason} ${current}`}
          id={record.id}
          text={current}
          isPipelineRunning={isPipelineRunning}
        />
      )}
      {state === 'open' && !isEditable && (
        <Notice tone="warn" title="This record cannot be mended here">
          It is {record.encoding === 'text' ? 'too large' : 'not text'}. Write it to a file with{' '}
          <code>npm run pipeline -- quarantine show {record.id} --raw</code>, correct it, and load it with{' '}
          <code>npm run pipeline -- quarantine retry {record.id} --file corrected.json</code>.
        </Notice>
      )}
      {(state !== 'open' || replacement !== null) && (
        <Source title="As it came" text={raw.slice(0, MAX_MENDED_CHARACTERS)} />
      )}
      {state !== 'open' && replacement !== null && (
        <Source title="As it was corrected" text={replacement.slice(0, MAX_MENDED_CHARACTERS)} />
      )}
    </>
  );
}

function Facts({ record }: { record: Record }) {
  const meaning = (rules as { [rule: string]: string | undefined })[record.rule];
  const facts = [
    ['Rule', meaning ? `${record.rule}: ${meaning}` : record.rule],
    ['Reason', record.reason],
    ['File', `${record.file}, line ${record.line}`],
    ['Location', record.location ?? '–'],
    ['Batch', String(record.batchId)],
    ...(record.requestedBy ? [['Requested by', record.requestedBy]] : []),
    ...(record.replayBatchId === null ? [] : [['Replayed in batch', String(record.replayBatchId)]]),
  ];
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 rounded-8 border bg-surface p-4 text-13">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-2">{name}</dt>
          <dd className="break-words">{value}</dd>
        </div>
      ))}
      <dt className="text-ink-2">Since</dt>
      <dd>
        <TimeAgo at={record.quarantinedAt} />
      </dd>
    </dl>
  );
}

function Source({ title, text }: { title: string; text: string }) {
  return (
    <section aria-label={title} className="flex flex-col gap-1">
      <h2 className="text-13 font-medium">{title}</h2>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
        tabIndex={0}
        className="max-h-80 overflow-auto rounded-8 border bg-sunken p-3 text-12 break-all whitespace-pre-wrap"
      >
        {text}
      </pre>
    </section>
  );
}
