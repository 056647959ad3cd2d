import { paths } from '#app/paths.ts';
import { requirePage } from '#lib/auth/index.ts';
import { listApiTokens, listPeople } from '#lib/auth/people/index.ts';
import { SettingsFrame } from '../_parts/settings-frame.tsx';
import { InviteCard } from './_people/invite-card.tsx';
import { PeopleCard } from './_people/people-card.tsx';
import { TokensCard } from './_people/tokens-card.tsx';

export const metadata = { title: 'People' };

export default async function PeoplePage() {
  const { db, person } = await requirePage('admin', paths.people());
  const [people, tokens] = await Promise.all([listPeople(db), listApiTokens(db, person)]);
  return (
    <SettingsFrame current="people" isAdmin>
      <PeopleCard people={people} viewer={person.email} />
      <InviteCard />
      <TokensCard tokens={tokens} />
    </SettingsFrame>
  );
}
