import { Suspense } from 'react';
import { type SearchParams, searchOf } from '#app/_data/search-of.ts';
import { paths } from '#app/paths.ts';
import { requirePage } from '#lib/auth/index.ts';
import { mayActAs } from '#lib/contract/person.ts';
import { DecisionLog } from './_log/decision-log.tsx';

export const metadata = { title: 'Decisions' };

type DecisionsPageProps = { searchParams: Promise<SearchParams> };

export default async function DecisionsPage({ searchParams }: DecisionsPageProps) {
  const search = searchOf(await searchParams);
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
