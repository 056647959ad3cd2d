import Link from 'next/link';
import { buttonClass } from './_ui/button.tsx';
import { CenteredPage } from './_ui/centered-page.tsx';
import { paths } from './paths.ts';

export const metadata = { title: 'No such page' };

export default function NotFound() {
  return (
    <CenteredPage title="There is no such page">
      <p className="text-ink-2">The address may be mistyped, or the page has moved.</p>
      <Link href={paths.refunds()} className={buttonClass('primary')}>
        Open the refund queue
      </Link>
    </CenteredPage>
  );
}
