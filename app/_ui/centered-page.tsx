import type { ReactNode } from 'react';
import { Logo } from './logo.tsx';

/** A page with one message, centered. */
export function CenteredPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main id="main" className="grid min-h-dvh place-items-center p-4">
      <div className="flex w-full max-w-90 flex-col gap-4">
        <Logo className="size-8" />
        <h1 className="text-20 font-semibold tracking-tight">{title}</h1>
        {children}
      </div>
    </main>
  );
}
