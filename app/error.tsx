'use client';

import { Button } from './_ui/button.tsx';
import { CenteredPage } from './_ui/centered-page.tsx';

type Failure = { error: Error & { digest?: string }; retry(): void };

export default function RootError({ error, retry }: Failure) {
  return (
    <CenteredPage title="This page could not be shown">
      <p className="text-ink-2">
        Something failed while it was made. Nothing that you saved is lost; try again in a moment.
      </p>
      {error.digest && <p className="text-12 text-ink-3">Request {error.digest}</p>}
      <Button variant="primary" onClick={retry}>
        Try again
      </Button>
    </CenteredPage>
  );
}
