'use client';

import { createContext, type ReactNode, use } from 'react';
import type { Person } from '#lib/contract/person.ts';

export type Viewer = Pick<Person, 'email' | 'role'>;

const ViewerContext = createContext<Viewer | undefined>(undefined);

/** Says to every part of the console who is signed in, for what it shows; the server asks again for what it does. */
export function ViewerProvider({ viewer, children }: { viewer: Viewer; children: ReactNode }) {
  return <ViewerContext value={viewer}>{children}</ViewerContext>;
}

export function useViewer(): Viewer {
  const viewer = use(ViewerContext);
  if (!viewer) throw new Error('useViewer outside of ViewerProvider');
  return viewer;
}
