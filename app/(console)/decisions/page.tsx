import { Suspense } from 'react';
import { paths, type SearchParams, toSearch } from '#app/paths.ts';
import { requirePage } from '#lib/auth/index.ts';
import { mayActAs } from '#lib/contract/person.ts';
import { DecisionLog } from './_log/decision-log.tsx';

export const metadata = { title: 'Decisions' };

type DecisionsPageProps = { searchParams: Promise<SearchParams> };

export default async function DecisionsPage({ searchParams }: DecisionsPageProps) {
  const search = toSearch(await searchParams);
  const { person } = await requirePage(
    'viewer',
    search ? `${paths.decisions()}?${search}` : paths.decisions(),
  );
  return (
    <Suspense>
      <DecisionLog mayExport={mayActAs(person, 'reviewer')} />
    </Suspense>
  );
}
