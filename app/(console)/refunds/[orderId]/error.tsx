'use client';

import { Button } from '#app/_ui/button.tsx';
import { Notice } from '#app/_ui/notice.tsx';

type Failure = { error: Error & { digest?: string }; retry(): void };

export default function OrderError({ error, retry }: Failure) {
  return (
    <div className="mx-auto max-w-180 p-3 xl:p-4">
      <Notice
        tone="bad"
        title="This order could not be shown"
        requestId={error.digest}
        actions={<Button onClick={retry}>Try again</Button>}
      >
        Something failed while it was read. The queue and every decision are untouched.
      </Notice>
    </div>
  );
}
