'use client';

import { createContext, type ReactNode, use } from 'react';
import type { Person } from '#lib/contract/person.ts';

export type Viewer = Pick<Person, 'email' | 'role'>;

const ViewerContext = createContext<Viewer | undefined>(undefined);

/** Tells components who is signed in. That decides only what they show: the server authorizes every action itself. */
export function ViewerProvider({ viewer, children }: { viewer: Viewer; children: ReactNode }) {
  return <ViewerContext value={viewer}>{children}</ViewerContext>;
}

export function useViewer(): Viewer {
  const viewer = use(ViewerContext);
  if (!viewer) throw new Error('useViewer outside of ViewerProvider');
  return viewer;
}
