'use client';

import { Button } from '#app/_ui/button.tsx';
import { Notice } from '#app/_ui/notice.tsx';

type OneTimeSecretProps = { title: string; secret: string; onClose(): void };

/** A secret that is shown only now. */
export function OneTimeSecret({ title, secret, onClose }: OneTimeSecretProps) {
  return (
    <Notice
      tone="good"
      title={title}
      actions={
        <>
          <Button size="small" onClick={() => void navigator.clipboard?.writeText(secret)}>
            Copy
          </Button>
          <Button size="small" variant="quiet" onClick={onClose}>
            I have it
          </Button>
        </>
      }
    >
      <p>It is shown this once and kept only as a hash.</p>
      <code className="text-13 font-semibold break-all text-ink select-all">{secret}</code>
    </Notice>
  );
}
