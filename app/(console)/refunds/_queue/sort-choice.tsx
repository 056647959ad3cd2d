import { Select } from '#app/_ui/select.tsx';
import type { QueueSort } from '#lib/contract/queue.ts';
import { parseSort } from './queue-params.ts';

const sorts: { value: QueueSort; label: string }[] = [
  { value: 'newest', label: 'Newest first' },
  { value: 'oldest', label: 'Oldest first' },
  { value: 'amount', label: 'Highest suggestion' },
  { value: 'lateness', label: 'Longest delivery' },
];

export function SortChoice({ sort, onSort }: { sort: QueueSort; onSort(sort: QueueSort): void }) {
  return <Select label="Sort" value={sort} options={sorts} onChange={(value) => onSort(parseSort(value))} />;
}
