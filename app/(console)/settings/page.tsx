import { paths } from '#app/paths.ts';
import { requirePage } from '#lib/auth/index.ts';
import { listSessions } from '#lib/auth/people/index.ts';
import { mayActAs } from '#lib/contract/person.ts';
import { getLimits } from '#lib/refunds/index.ts';
import { LimitCard } from './_parts/limit-card.tsx';
import { PasswordCard } from './_parts/password-card.tsx';
import { SessionsCard } from './_parts/sessions-card.tsx';
import { SettingsFrame } from './_parts/settings-frame.tsx';

export const metadata = { title: 'Settings' };

export default async function SettingsPage() {
  const { db, person } = await requirePage('viewer', paths.settings());
  const [sessions, limits] = await Promise.all([listSessions(db, person), getLimits(db.pool, person)]);
  return (
    <SettingsFrame current="mine" isAdmin={mayActAs(person, 'admin')}>
      <LimitCard limits={limits} isLead={mayActAs(person, 'lead')} />
      <PasswordCard />
      <SessionsCard sessions={sessions} />
    </SettingsFrame>
  );
}
