'use client';

import './globals.css';
import { Button } from './_ui/button.tsx';
import { CenteredPage } from './_ui/centered-page.tsx';

type Failure = { error: Error & { digest?: string }; retry(): void };

/** The last resort, where even the layout around the screens failed. */
export default function GlobalError({ error, retry }: Failure) {
  return (
    <html lang="en">
      <body>
        <title>The console could not be shown</title>
        <CenteredPage title="The console could not be shown">
          <p className="text-ink-2">
            Nothing that you saved is lost. Try again; if it stays, restart the console.
          </p>
          {error.digest && <p className="text-12 text-ink-3">Request {error.digest}</p>}
          <Button variant="primary" onClick={retry}>
            Try again
          </Button>
        </CenteredPage>
      </body>
    </html>
  );
}
