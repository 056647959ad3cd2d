import { Notice } from '#app/_ui/notice.tsx';
import type { ActionError } from '#lib/auth/index.ts';

/** Why an action failed. The screen itself shows the current state. */
export function ActionFailure({ failure }: { failure: ActionError | undefined }) {
  if (!failure) return null;
  return (
    <Notice tone="bad" title="This was not done" requestId={failure.requestId}>
      {failure.message}
    </Notice>
  );
}
