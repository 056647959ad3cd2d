import { MousePointerClick } from 'lucide-react';
import { EmptyState } from '#app/_ui/empty-state.tsx';
import { paths, type SearchParams, toSearch } from '#app/paths.ts';
import { requirePage } from '#lib/auth/index.ts';

export const metadata = { title: 'Refund queue' };

type RefundsPageProps = { searchParams: Promise<SearchParams> };

export default async function RefundsPage({ searchParams }: RefundsPageProps) {
  await requirePage('viewer', paths.refunds(toSearch(await searchParams)));
  return (
    <div className="hidden h-full place-content-center xl:grid">
      <EmptyState icon={MousePointerClick} title="Open an order">
        Choose a row, or press <Key>j</Key> and <Key>k</Key> to move and <Key>Enter</Key> to open.
      </EmptyState>
    </div>
  );
}

function Key({ children }: { children: string }) {
  return <kbd className="rounded-4 border bg-surface px-1 font-sans text-12">{children}</kbd>;
}
