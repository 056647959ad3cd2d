import { formatInstant } from '#app/_ui/format.ts';
import { Notice } from '#app/_ui/notice.tsx';
import { listChangedFacts, type OrderFacts } from '#lib/contract/refund.ts';
import type { FactsChange } from '#lib/refunds/index.ts';

type FactsChangedProps = {
  change: FactsChange | null;
  /** What the panel shows; a change since something else is not its business. */
  since: FactsChange['since'];
  viewer: { isLead: boolean };
};

const titles: Record<FactsChange['since'], string> = {
  suggestion: 'The facts of this order have changed, and the suggestion with them',
  request: 'The facts of this order have changed since this was requested',
  decision: 'The facts of this order have changed since the decision',
};

/** Says that the facts of an order have changed, what they were and are, and what can be done about it. */
export function FactsChanged({ change, since, viewer }: FactsChangedProps) {
  if (change?.since !== since) return null;
  return (
    <div className="mb-4">
      <Notice tone="warn" title={titles[since]}>
        <ul>
          {describeChange(change).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <p>{adviceFor(since, viewer.isLead)}</p>
      </Notice>
    </div>
  );
}

/** One line per fact that changed, such as "Delivered: not delivered, now 1 Oct 2026, 12:31:00 UTC". */
export function describeChange({ before, after }: Pick<FactsChange, 'before' | 'after'>): string[] {
  return listChangedFacts(before, after).map((fact) => {
    const { name, show } = facts[fact];
    return `${name}: ${show(before)}, now ${show(after)}`;
  });
}

const facts: Record<keyof OrderFacts, { name: string; show(facts: OrderFacts): string }> = {
  created_at: { name: 'Placed', show: (order) => formatInstant(order.created_at) },
  delivered_at: { name: 'Delivered', show: (order) => showTime(order.delivered_at, 'not delivered') },
  promised_at: { name: 'Promised', show: (order) => showTime(order.promised_at, 'not promised') },
  total: { name: 'Total', show: (order) => `$${order.total}` },
  lines: { name: 'Order lines', show: (order) => String(order.lines) },
};

function showTime(at: string | null, absent: string): string {
  return at === null ? absent : formatInstant(at);
}

function adviceFor(since: FactsChange['since'], isLead: boolean): string {
  switch (since) {
    case 'suggestion':
      return 'Look at the new suggestion before you decide.';
    case 'request':
      return 'It can no longer be approved. Once it is rejected or withdrawn, the order can be decided again.';
    case 'decision':
      return isLead
        ? 'The decision stays as it is until you reverse it (press r).'
        : 'The decision stays as it is until a lead reverses it.';
  }
}
