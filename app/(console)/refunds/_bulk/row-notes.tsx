import { formatCount } from '#app/_ui/format.ts';

/** Orders by number, each with what there is to say of it; nothing where there are none. */
export function RowNotes({ title, rows }: { title: string; rows: { orderId: string; note: string }[] }) {
  if (rows.length === 0) return null;
  return (
    <section aria-label={title} className="flex flex-col gap-1">
      <h3 className="text-12 text-ink-3">
        {title}: {formatCount(rows.length)}
      </h3>
      <ul className="flex max-h-48 flex-col gap-1 overflow-y-auto">
        {rows.map(({ orderId, note }) => (
          <li key={orderId} className="text-13">
            <span className="font-medium">{orderId}</span> · <span className="text-ink-2">{note}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
