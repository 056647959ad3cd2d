import Link from 'next/link';
import { Button, buttonClass } from '#app/_ui/button.tsx';
import { paths } from '#app/paths.ts';
import type { QuarantineQuery } from '#lib/contract/quarantine.ts';
import type { RuleCount } from '#lib/pipeline/requests/screens.ts';

const inputClass = 'h-8 w-full rounded-8 border border-line-strong bg-surface px-2 text-13';

type FiltersProps = { query: QuarantineQuery; counts: RuleCount[] };

/** The filter of the list: a plain form, so that every view has an address. The counts are of the other filters. */
export function QuarantineFilters({ query, counts }: FiltersProps) {
  const known = counts.map(({ rule }) => rule);
  const rules = query.rule && !known.includes(query.rule) ? [...known, query.rule] : known;
  return (
    <form
      method="get"
      action={paths.quarantine()}
      key={JSON.stringify(query)}
      aria-label="Filter"
      className="grid grid-cols-2 items-end gap-2 @[720px]:flex @[720px]:flex-wrap"
    >
      <label className="flex flex-col gap-1 text-12 font-medium text-ink-2 @max-[720px]:col-span-2">
        Rule
        <select name="rule" defaultValue={query.rule ?? ''} className={inputClass}>
          <option value="">All rules ({sum(counts).toLocaleString('en')})</option>
          {rules.map((rule) => (
            <option key={rule} value={rule}>
              {rule} ({(counts.find((count) => count.rule === rule)?.records ?? 0).toLocaleString('en')})
            </option>
          ))}
        </select>
      </label>
      <Field label="File" name="file" value={query.file} />
      <Field label="Location" name="location" value={query.location} />
      <Field label="From (UTC)" name="from" type="date" value={query.from} />
      <Field label="To (UTC)" name="to" type="date" value={query.to} />
      <label className="flex flex-col gap-1 text-12 font-medium text-ink-2">
        State
        <select name="state" defaultValue={query.state} className={inputClass}>
          <option value="open">Open and requested</option>
          <option value="all">All</option>
        </select>
      </label>
      <div className="flex gap-2">
        <Button type="submit" variant="primary">
          Filter
        </Button>
        <Link href={paths.quarantine()} className={buttonClass('quiet')}>
          Clear
        </Link>
      </div>
    </form>
  );
}

const sum = (counts: RuleCount[]) => counts.reduce((total, { records }) => total + records, 0);

type FieldProps = { label: string; name: string; value: string | undefined; type?: string };

function Field({ label, name, value, type = 'text' }: FieldProps) {
  return (
    <label className="flex min-w-0 flex-col gap-1 text-12 font-medium text-ink-2">
      {label}
      <input name={name} type={type} defaultValue={value ?? ''} className={inputClass} />
    </label>
  );
}
